package kiosk

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Meaning is what a key is for. The digits are the meanings "0" to "9".
type Meaning string

// The meanings beside the digits.
const (
	Talk      Meaning = "talk"     // held while one speaks
	Yes       Meaning = "yes"      // the tick
	No        Meaning = "no"       // the cross
	Again     Meaning = "again"    // the last answer once more; pressed again it is slower
	Simpler   Meaning = "simpler"  // in simpler words, or else slower
	Person    Meaning = "person"   // ask for a person; before any question, come back with a number
	Ticket    Meaning = "ticket"   // a number by which the advice is heard again
	Code      Meaning = "code"     // come back with a number
	Language  Meaning = "language" // the next one
	NewPerson Meaning = "new"      // forget who was here
)

var meanings = []Meaning{Talk, Yes, No, Again, Simpler, Person, Ticket, Code, Language, NewPerson}

// digit gives the digit that a meaning is.
func (m Meaning) digit() (int, bool) {
	if len(m) != 1 || m[0] < '0' || m[0] > '9' {
		return 0, false
	}
	return int(m[0] - '0'), true
}

// Keys tells what the keys of Linux's input devices mean, by their code.
type Keys map[uint16]Meaning

// keyNames are the names of the codes from 0, as in linux/input-event-codes.h without KEY_; "-" has none. Other keys are named by
// their number.
var keyNames = strings.Fields(`- ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER
	LEFTCTRL A S D F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH Z X C V B N M COMMA DOT SLASH RIGHTSHIFT KPASTERISK
	LEFTALT SPACE CAPSLOCK F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK KP7 KP8 KP9 KPMINUS KP4 KP5 KP6 KPPLUS KP1 KP2 KP3
	KP0 KPDOT - ZENKAKUHANKAKU 102ND F11 F12 RO KATAKANA HIRAGANA HENKAN KATAKANAHIRAGANA MUHENKAN KPJPCOMMA KPENTER RIGHTCTRL
	KPSLASH SYSRQ RIGHTALT LINEFEED HOME UP PAGEUP LEFT RIGHT END DOWN PAGEDOWN INSERT DELETE MACRO MUTE VOLUMEDOWN VOLUMEUP POWER
	KPEQUAL KPPLUSMINUS PAUSE SCALE KPCOMMA HANGEUL HANJA YEN LEFTMETA RIGHTMETA COMPOSE`)

// usualKeys are those of a number pad, with or without its lock, and the same on a keyboard.
const usualKeys = `
	KPENTER=talk ENTER=talk SPACE=talk
	KPPLUS=yes Y=yes
	KPMINUS=no MINUS=no N=no
	KPASTERISK=again A=again
	S=simpler
	KPDOT=person DOT=person P=person
	KPEQUAL=ticket T=ticket
	KPCOMMA=code C=code
	KPSLASH=language SLASH=language L=language
	NUMLOCK=new BACKSPACE=new ESC=new
	KP0=0 KP1=1 KP2=2 KP3=3 KP4=4 KP5=5 KP6=6 KP7=7 KP8=8 KP9=9
	0=0 1=1 2=2 3=3 4=4 5=5 6=6 7=7 8=8 9=9
`

// UsualKeys gives what keys mean where nobody says otherwise.
func UsualKeys() Keys {
	keys := Keys{}
	for _, pair := range strings.Fields(usualKeys) {
		if err := keys.set(pair); err != nil {
			panic(err) // they are part of the program
		}
	}
	return keys
}

// ReadKeys reads lines such as KEY_B=talk, and gives the usual keys with these changed. Empty lines and lines that start with # are
// passed over; KEY_B= takes a key its meaning. A key is named as in linux/input-event-codes.h, or by its number. The error tells all
// that is wrong, each with its line.
func ReadKeys(r io.Reader) (Keys, error) {
	keys := UsualKeys()
	var wrong []error
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := keys.set(line); err != nil {
			wrong = append(wrong, fmt.Errorf("line %d: %w", n, err))
		}
	}
	if !slices.Contains(slices.Collect(maps.Values(keys)), NewPerson) {
		wrong = append(wrong, errors.New("no key means new: the next person could hear the one before"))
	}
	return keys, errors.Join(append(wrong, lines.Err())...)
}

// set takes KEY=meaning.
func (k Keys) set(pair string) error {
	name, meant, ok := strings.Cut(pair, "=")
	if !ok {
		return fmt.Errorf("%q: want a line such as KEY_B=talk", pair)
	}
	code, err := codeOf(strings.TrimSpace(name))
	if err != nil {
		return err
	}
	meaning := Meaning(strings.ToLower(strings.TrimSpace(meant)))
	_, digit := meaning.digit()
	switch {
	case meaning == "":
		delete(k, code)
	case digit || slices.Contains(meanings, meaning):
		k[code] = meaning
	default:
		return fmt.Errorf("%q is no meaning of a key; there are 0 to 9 and %v", meant, meanings)
	}
	return nil
}

// codeOf reads the name of a key. A bare digit is the key of that digit, and a longer number a code.
func codeOf(name string) (uint16, error) {
	short := strings.TrimPrefix(strings.ToUpper(name), "KEY_")
	if i := slices.Index(keyNames, short); i > 0 && short != "-" {
		return uint16(i), nil
	}
	if n, err := strconv.ParseUint(name, 10, 16); err == nil && len(name) > 1 {
		return uint16(n), nil
	}
	return 0, fmt.Errorf("%q is no key: give its name, such as KEY_KPENTER, or its number, such as 288, as jembe listen tells it when the key is pressed", name)
}

// nameOf gives what a key is called in a file of keys.
func nameOf(code uint16) string {
	if int(code) < len(keyNames) && keyNames[code] != "-" {
		return "KEY_" + keyNames[code]
	}
	return strconv.Itoa(int(code))
}
