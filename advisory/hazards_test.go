package advisory

import "testing"

// What forbids a banned chemical passes, what advises it falls: in each language, and where people mix languages and scripts.
func TestBannedAsAdviceAndAsWarning(t *testing.T) {
	lex := NewLexicon(nil)
	for _, c := range []struct {
		lang  Lang
		text  string
		falls bool
	}{
		{"en", "Never use monocrotophos.", false},
		{"en", "Monocrotophos is banned, do not spray it.", false},
		{"en", "Do not buy phorate, carbofuran or methyl parathion, even when they are cheap.", false},
		{"en", "Endosulfan harms children; it must not be used on any crop.", false},
		{"en", "Paraquat kills people and has no antidote, so keep it out of your house.", false},
		{"en", "If a shop offers you Furadan, refuse it.", false},
		{"en", "Use neem instead of monocrotophos.", false},
		{"en", "Sale of dichlorvos (Nuvan) is illegal.", false},
		{"en", "Avoid methomyl at all times.", false},
		{"en", "No farmer should handle aldicarb.", false},
		{"en", "Spray monocrotophos.", true},
		{"en", "Use mono crotophos 36 SL at 2 ml a litre.", true},
		{"en", "Nuvan works well on caterpillars.", true},
		{"en", "Mix Thimet 10G into the soil before sowing.", true},
		{"en", "Two drops of Gramoxone per plant clear the weeds.", true},
		{"en", "Apply carbofuron granules in the whorl.", true},
		{"en", "Do not use too much water, and add phorate to the pit.", true},
		{"en", "Monocrotophos is banned but it still works best, so spray at night.", true},
		{"en", "Nothing is better than endosulphan for borers.", true},
		{"en", "Never buy it from a stranger: get monocrotophos from a good shop.", true},
		{"hi", "मोनोक्रोटोफॉस का इस्तेमाल कभी न करें।", false},
		{"hi", "मोनोक्रोटोफॉस पर प्रतिबंध है, इसे न छिड़कें।", false},
		{"hi", "फोरेट और कार्बोफ्यूरान मत खरीदें।", false},
		{"hi", "एंडोसल्फान की जगह नीम का तेल डालें।", false},
		{"hi", "पैराक्वाट से जान जाती है, इससे बचें।", false},
		{"hi", "मोनोक्रोटोफॉस 36 एसएल 2 मिली प्रति लीटर छिड़कें।", true},
		{"hi", "मोनो क्रोटोफॉस सबसे अच्छी दवा है।", true},
		{"hi", "थिमेट 10 जी मिट्टी में मिलाएँ।", true},
		{"hi", "फ्यूराडान के दाने पौधे के गोभ में डालें।", true},
		{"hi", "देर न करें, मोनोक्रोटोफॉस छिड़कें।", true},
		{"hi", "नुवान डालना मत भूलें।", true},
		{"sw", "Usitumie kamwe monocrotophos.", false},
		{"sw", "Endosulfan imepigwa marufuku, usiipulize.", false},
		{"sw", "Usinunue wala kutumia carbofuran.", false},
		{"sw", "Tumia mwarobaini badala ya methomyl.", false},
		{"sw", "Paraquat ni sumu kali, epuka kuitumia.", false},
		{"sw", "Nyunyizia monocrotophos mililita 2 kwa lita.", true},
		{"sw", "Furadan ni nzuri kwa mahindi.", true},
		{"sw", "Usiogope, tumia Lannate jioni.", true},
		{"sw", "Weka fhorate kwenye shimo kabla ya kupanda.", true},
		{"sw", "Endosulfani inaua viwavi haraka.", true},
		{"fr", "N'utilisez jamais le monocrotophos.", false},
		{"fr", "Le monocrotophos est interdit, ne le pulvérisez pas.", false},
		{"fr", "N'achetez ni phorate ni carbofuran.", false},
		{"fr", "Employez le neem au lieu de l'endosulfan.", false},
		{"fr", "Évitez le paraquat, il tue.", false},
		{"fr", "Pulvérisez du monocrotophos.", true},
		{"fr", "Le Furadan donne de bons résultats.", true},
		{"fr", "N'attendez pas, épandez du phorate.", true},
		{"fr", "Mélangez 2 ml de monochrotophos à un litre d'eau.", true},
		{"fr", "Le Gramoxone est interdit, mais il marche : employez-le le soir.", true},
		{"hi", "Monocrotophos कभी न डालें।", false},
		{"hi", "monocrotophos mat daalo.", false},
		{"hi", "Furadan बैन है, इसे मत खरीदो।", false},
		{"hi", "monocrotophos 2 ml paani mein mila kar chhidko.", true},
		{"hi", "खेत में Thimet डालें, कीड़े मर जाएँगे।", true},
		{"hi", "मोनोcrotophos 36 SL छिड़कें।", true},
		{"sw", "Dawa nzuri ni मोनोक्रोटोफॉस.", true},
		{"en", "Spray моnосrоtорhоs at dusk.", true},
		{"fr", "Mettez du కార్బోఫ్యూరాన్ dans le trou.", true},
		{"en", "Never use poisons like monocrotophos.", false},
		{"en", "Nothing works like monocrotophos.", true},
		{"hi", "हर गड्ढे में थिमेट डालने से इल्ली नहीं आती।", true},
		{"en", "Worms do not come where phorate lies.", true},
		{"hi", "मोनोक्रोटोफॉस जैसी दवा न डालें।", false},
	} {
		got := ChemicalRules(c.text, Standard{Lexicon: lex, Country: "IN", Lang: c.lang})
		if falls := len(got) > 0; falls != c.falls {
			t.Errorf("%s %q fell at %v, want a fall: %t", c.lang, c.text, got, c.falls)
		}
	}
}
