package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/voice"
)

type askCmd struct {
	Text   []string `arg:"" optional:"" help:"The question."`
	Lang   string   `help:"Language of the asker: en, hi, sw or fr; default is found from the text." env:"JEMBE_LANG" placeholder:"CODE"`
	Audio  string   `help:"Ask with this recording (WAV or WebM/Opus) instead of text." type:"existingfile" placeholder:"FILE"`
	Choice string   `help:"Go on with this value of a choice that an answer offered." placeholder:"VALUE"`
	Talk   bool     `help:"Ask the lines of standard input as one person: a line may follow up the one before, a number chooses, y and n answer yes and no, an empty line begins a new person."`
	Number string   `help:"Ask for the advice of this number in the guided menu, such as 2-1-4 or 214." placeholder:"NUMBER"`
	Speak  string   `help:"Write the spoken answer to this WAV file." type:"path" placeholder:"FILE"`
	Play   bool     `help:"Speak the answer through this machine's loudspeaker, sentence by sentence as it is written."`
	Words  bool     `name:"keep-words" help:"The asker consents that the words are kept."`
}

// Run asks one question and prints the answer; the event is committed before it returns.
func (a *askCmd) Run(ctx context.Context, p *program, c *cli) error {
	q, err := a.question()
	if err != nil {
		return err
	}
	b, err := openBox(ctx, p, c, boxNeeds{recorder: true, ears: a.Audio != ""})
	if err != nil {
		return err
	}
	defer b.close()
	if a.Talk {
		return a.talk(ctx, p, c, b, q)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	loud, err := playAloud(ctx, a.Play)
	if err != nil {
		return err
	}
	q.Hear = func(s advisory.Speech, sounds []advisory.Sound) {
		if !c.JSON {
			fmt.Fprintln(p.stdout, s.Text)
		}
		loud.say(sounds)
	}
	answer, err := b.advisor.Ask(ctx, q)
	if err != nil && answer.ID == "" {
		return err
	}
	if err != nil { // the answer is whole, only its record failed: nobody goes without advice for that
		fmt.Fprintln(p.stderr, "jembe: not recorded:", terminal.NewFault(err))
	}
	if a.Speak != "" {
		if err := a.write(answer); err != nil {
			return err
		}
	}
	return errors.Join(p.print(c, answer, beside(answer)), loud.finish())
}

// question makes the Question of the command line.
func (a *askCmd) question() (advisory.Question, error) {
	q := advisory.Question{
		Text: strings.Join(a.Text, " "), Choice: a.Choice, Speak: a.Speak != "" || a.Play, Consent: advisory.Consent{Words: a.Words},
	}
	lang, ok := advisory.ParseLang(a.Lang)
	if q.Lang = lang; !ok {
		q.Lang = advisory.Lang(a.Lang) // refused by Ask, in one place
	}
	given := 0
	for _, s := range []string{q.Text, a.Audio, a.Choice, a.Number} {
		if s != "" {
			given++
		}
	}
	if given > 1 || a.Talk && (given > 0 || a.Speak != "") {
		return q, &advisory.Error{Code: advisory.BadRequest, Hint: "give one of TEXT, --audio, --choice, --number and --talk; --talk writes no sound"}
	}
	if a.Number != "" {
		q.Choice = a.Number
	}
	if a.Audio != "" {
		audio, err := readRecording(a.Audio)
		if err != nil {
			return q, err
		}
		q.Audio = audio
	}
	return q, nil
}

// readRecording reads a file of at most voice.MaxBytes, whatever kind of file it is. What it gives is never nil.
func readRecording(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read recording: %w", err)
	}
	defer f.Close()
	audio, err := io.ReadAll(io.LimitReader(f, voice.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read recording: %w", err)
	}
	if len(audio) > voice.MaxBytes {
		return nil, &advisory.Error{Code: advisory.TooLarge, Hint: fmt.Sprintf("%s has more than %d bytes", path, voice.MaxBytes)}
	}
	return audio, nil
}

// write puts all pieces of the spoken answer into one WAV file.
func (a *askCmd) write(answer advisory.Answer) error {
	if len(answer.Sounds) == 0 {
		return &advisory.Error{Code: advisory.NoVoice, Hint: "install espeak-ng; see jembe doctor"}
	}
	wav, err := voice.Join(answer.Sounds)
	if err != nil {
		return fmt.Errorf("join sound: %w", err)
	}
	if err := os.WriteFile(a.Speak, wav, 0o644); err != nil {
		return &advisory.Error{Code: advisory.BadRequest, Err: errors.New("the sound cannot be written to " + a.Speak), Hint: "name a file in a folder that can be written"}
	}
	return nil
}

// beside is what people at a terminal see of an answer besides what was said.
func beside(a advisory.Answer) string {
	var b strings.Builder
	if a.Heard != "" {
		fmt.Fprintf(&b, "> %s\n", a.Heard)
	}
	for _, c := range a.Choices {
		fmt.Fprintf(&b, "  --choice %s   %s\n", c.Value, c.Label)
	}
	for _, c := range a.Contacts {
		fmt.Fprintf(&b, "  %s: %s\n", strings.TrimSpace(advisory.Say(a.Lang, "page_contact_"+string(c.Kind))+" "+c.Name), c.Number)
	}
	for _, c := range a.Citations {
		fmt.Fprintf(&b, "  [%s %s] %s: %s\n", c.Document, c.Lang, c.Title, c.Source)
	}
	fmt.Fprintf(&b, "  (%s %s, %.0f ms)", a.Outcome, strings.TrimSpace(string(a.Tier)+" "+string(a.Reason)), a.Timings.Total)
	return b.String()
}
