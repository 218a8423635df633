package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jembe/advisory"
	"jembe/cmd/terminal"
)

// full runs the long form: every question in every voice, and every human recording.
var full = flag.Bool("full", false, "the long form of the spoken round trip")

// sharedSpeech is where the human recordings lie that are not part of the project.
const sharedSpeech = "../../../shared/data/speech"

// speakers make a WAV file of an English text in one voice.
var speakers = map[string]func(text, wav string) *exec.Cmd{
	"flite slt": func(text, wav string) *exec.Cmd { return exec.Command("flite", "-voice", "slt", "-t", text, "-o", wav) },
	"flite rms": func(text, wav string) *exec.Cmd { return exec.Command("flite", "-voice", "rms", "-t", text, "-o", wav) },
	"espeak-ng en-us": func(text, wav string) *exec.Cmd {
		return exec.Command("espeak-ng", "-v", "en-us", "-s", "140", "-w", wav, text)
	},
}

// TestSpokenRoundTrip asks by voice what nobody trained the recogniser on, and counts the right documents.
func TestSpokenRoundTrip(t *testing.T) {
	need(t, "flite", "apt install flite")
	need(t, "espeak-ng", "apt install espeak-ng")
	need(t, "pocketsphinx_batch", "apt install pocketsphinx pocketsphinx-en-us")
	data, dir := t.TempDir(), t.TempDir()
	rows := farmQuestions(t)
	asked, right := 0, 0
	for voice, speak := range speakers {
		inVoice, rightInVoice := 0, 0
		for i, row := range rows {
			if !*full && (i%5 != 0 || voice != "flite slt") {
				continue
			}
			wav := filepath.Join(dir, "q.wav")
			if out, err := speak(row[1], wav).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", voice, err, out)
			}
			a := answer(t, data, "--audio", wav)
			inVoice++
			if a.Outcome == advisory.Answered && a.Citations[0].Document == row[0] {
				rightInVoice++
			} else {
				t.Logf("%s: %s: heard %q: %s %s", voice, row[1], a.Heard, a.Outcome, a.Reason)
			}
		}
		asked, right = asked+inVoice, right+rightInVoice
		t.Logf("%s: %d of %d right", voice, rightInVoice, inVoice)
	}
	if share := float64(right) / float64(asked); share < 0.7 {
		t.Errorf("%d of %d right", right, asked)
	}
}

// farmQuestions reads the rows of document and question.
func farmQuestions(t *testing.T) [][2]string {
	t.Helper()
	f, err := os.Open("../../voice/testdata/farm_questions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][2]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		document, question, _ := strings.Cut(lines.Text(), "\t")
		rows = append(rows, [2]string{document, question})
	}
	return rows
}

// TestOtherTalkGetsNoFarmAnswer plays people reading and spelling who ask nothing about a farm.
func TestOtherTalkGetsNoFarmAnswer(t *testing.T) {
	need(t, "pocketsphinx_batch", "apt install pocketsphinx pocketsphinx-en-us")
	wavs, err := filepath.Glob(sharedSpeech + "/en_*/wav/*.wav")
	if err != nil {
		t.Fatal(err)
	}
	if len(wavs) == 0 {
		t.Skip("the recordings are not part of the project; put the shared data beside it")
	}
	data := t.TempDir()
	asked, answered := 0, 0
	for i, wav := range wavs {
		if !*full && i%8 != 0 {
			continue
		}
		asked++
		if a := answer(t, data, "--audio", wav); a.Outcome == advisory.Answered {
			answered++
			t.Logf("%s: heard %q, answered from %s", filepath.Base(wav), a.Heard, a.Citations[0].Document)
		}
	}
	t.Logf("%d of %d recordings got a farm answer", answered, asked)
	if float64(answered) > 0.03*float64(asked)+1 {
		t.Errorf("%d of %d recordings got a farm answer", answered, asked)
	}
}

func TestSpokenAnswerIsWrittenAndSilenceIsHeard(t *testing.T) {
	need(t, "espeak-ng", "apt install espeak-ng")
	need(t, "pocketsphinx_batch", "apt install pocketsphinx pocketsphinx-en-us")
	data, dir := t.TempDir(), t.TempDir()
	said := filepath.Join(dir, "a.wav")
	a := answer(t, data, "--speak", said, "how do I make compost")
	if info, err := os.Stat(said); err != nil || info.Size() < 100_000 || a.Timings.Speak == 0 {
		t.Errorf("%v, %+v", err, a.Timings)
	}
	silence := filepath.Join(dir, "silence.wav")
	if err := os.WriteFile(silence, silentWAV(3), 0o600); err != nil {
		t.Fatal(err)
	}
	if a := answer(t, data, "--audio", silence); a.Outcome != advisory.Unsure || a.Reason != advisory.Silence {
		t.Errorf("%s %s: %s", a.Outcome, a.Reason, a.Text)
	}
	r := jembe(t, data, "ask", "--json", "--lang", "hi", "--audio", said)
	var problem struct{ Code advisory.Code }
	if err := json.Unmarshal([]byte(r.stderr), &problem); err != nil || problem.Code != advisory.NoRecogniser || r.code != terminal.Failure {
		t.Errorf("exit %d, %v: %s", r.code, err, r.stderr)
	}
}

// silentWAV is 16 kHz mono, 16 bit, for so many seconds.
func silentWAV(seconds int) []byte {
	n := 2 * 16000 * seconds
	head := fmt.Sprintf("RIFF%sWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data%s", le32(36+n), le32(n))
	return append([]byte(head), make([]byte, n)...)
}

func le32(n int) string { return string([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}) }
