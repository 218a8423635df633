package advisory

import (
	"slices"
	"strings"
)

// countryCodes are those of ISO 3166-1 as the tz database lists them (iso3166.tab, 2023, in the public domain), and XK, by which Kosovo
// is known.
const countryCodes = `
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
VN VU WF WS XK YE YT ZA ZM ZW`

var countries = strings.Fields(countryCodes)

// Countries gives the codes of the countries that there are, in the order of the alphabet.
func Countries() []string { return slices.Clone(countries) }

// IsCountry reports whether a code is a country's: KE, and neither ZZ, which stands for none, nor HV, which once was one's.
func IsCountry(code string) bool {
	_, found := slices.BinarySearch(countries, code)
	return found
}
