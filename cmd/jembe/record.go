package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jembe/advisory"
	"jembe/cmd/terminal"
	"jembe/content"
	"jembe/edge/wire"
	"jembe/voice"
)

type recordCmd struct {
	Lang       string `help:"Language that is read: en, hi, sw, fr, or one of a pack." default:"en" placeholder:"CODE"`
	As         string `help:"Name of the person who reads." placeholder:"NAME"`
	Pack       string `help:"Folder of a pack that the recordings go into; default is the box's own, from which they are played at once." type:"existingdir" placeholder:"DIR"`
	What       string `help:"prompts (and numbers), menu (its labels, names and titles), answers (and checks), sources, all, the id of a document, or one text as KIND/ID." default:"prompts"`
	From       string `help:"Take this recording, or those of a folder as KIND/ID.wav (or .opus, .webm), instead of the microphone." type:"path" placeholder:"FILE"`
	List       bool   `help:"Only list the texts, and who has read them."`
	Microphone string `help:"ALSA device that records." default:"default" env:"JEMBE_MICROPHONE" placeholder:"DEVICE"`
	Speaker    string `help:"ALSA device that plays." default:"default" env:"JEMBE_SPEAKER" placeholder:"DEVICE"`
}

// Run lists texts, or takes their recordings.
func (r *recordCmd) Run(ctx context.Context, p *program, c *cli) error {
	desk, err := r.open(c)
	if err != nil {
		return err
	}
	switch {
	case r.List:
		return p.print(c, desk.readings, desk.list())
	case r.As == "":
		return &advisory.Error{Code: advisory.BadRequest, Hint: "say whose voice it is with --as NAME"}
	case r.From != "":
		return desk.fromFiles(p, r.From)
	}
	return desk.session(ctx, p)
}

// recordingDesk is one run of the recorder.
type recordingDesk struct {
	*recordCmd
	takes    *content.Takes
	readings []content.Reading // asked for
}

func (r *recordCmd) open(c *cli) (*recordingDesk, error) {
	shelf := content.NewShelf(c.dataDir())
	d := &recordingDesk{recordCmd: r, takes: shelf.Takes()}
	var further []*content.Pack
	if r.Pack != "" {
		pack, err := content.Folder(r.Pack)
		if err != nil {
			return nil, err
		}
		d.takes, further = content.NewTakes(r.Pack), []*content.Pack{pack}
	}
	lib := shelf.Load(further...)
	advisory.UseCatalogs(lib.Messages)
	lang, ok := advisory.ParseLang(r.Lang)
	if !ok || lang == "" {
		return nil, &advisory.Error{Code: advisory.UnknownLang, Hint: "a new language needs messages/" + r.Lang + ".json in its pack: see docs/new-language.md"}
	}
	contacts, err := c.contacts()
	if err != nil {
		return nil, err
	}
	for _, reading := range content.Readings(content.Texts(lib, contacts, lang), lib.Recordings) {
		if wanted(r.What, reading.Text) {
			d.readings = append(d.readings, reading)
		}
	}
	if len(d.readings) == 0 {
		return nil, &advisory.Error{Code: advisory.NotFound, Hint: fmt.Sprintf("there is no text %q in %s: see jembe record --what all --list", r.What, lang)}
	}
	return d, nil
}

// wanted reports whether a text is among what --what asks for.
func wanted(what string, t content.Text) bool {
	kinds := map[string][]content.TextKind{
		"all":     content.TextKinds(),
		"prompts": {content.PromptText, content.NumberText},
		"sources": {content.SourceText},
		"menu":    {content.LabelText, content.NameText, content.TitleText},
		"answers": {content.AnswerText, content.SimpleText, content.CheckText},
	}
	if k, ok := kinds[what]; ok {
		return slices.Contains(k, t.Kind)
	}
	ofDocument := t.Kind == content.TitleText || t.Kind == content.AnswerText || t.Kind == content.SimpleText || t.Kind == content.CheckText
	return what == t.Key() || ofDocument && what == t.ID
}

// list tells of each text, and of all together.
func (d *recordingDesk) list() string {
	var b strings.Builder
	count := map[content.ReadingState]int{}
	for _, r := range d.readings {
		count[r.State]++
		fmt.Fprintf(&b, "%-8s %-40s %s\n", r.State, r.Key(), r.Words)
	}
	fmt.Fprintf(&b, "%s: %d recorded, %d changed since they were read, %d missing",
		terminal.Count(len(d.readings), "text", "texts"), count[content.Fresh], count[content.Stale], count[content.Unread])
	return b.String()
}

// fromFiles keeps one file for the one text that was asked for, or those of a folder for theirs.
func (d *recordingDesk) fromFiles(p *program, from string) error {
	info, err := os.Stat(from)
	if err != nil {
		return fmt.Errorf("open the recording: %w", err)
	}
	if !info.IsDir() {
		if len(d.readings) != 1 {
			return &advisory.Error{Code: advisory.BadRequest, Hint: "one file is the recording of one text: name it with --what KIND/ID"}
		}
		return d.keepFile(p, d.readings[0].Text, from)
	}
	found := 0
	for _, r := range d.readings {
		for _, ext := range []string{".wav", ".opus", ".ogg", ".webm"} {
			file := filepath.Join(from, filepath.FromSlash(r.Key())+ext)
			err := d.keepFile(p, r.Text, file)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			found++
			break
		}
	}
	if found == 0 {
		return &advisory.Error{Code: advisory.NotFound, Hint: "the folder has no file such as " + d.readings[0].Key() + ".wav"}
	}
	return nil
}

func (d *recordingDesk) keepFile(p *program, t content.Text, file string) error {
	audio, err := readRecording(file)
	if err != nil {
		return err
	}
	take, err := voice.NewTake(audio)
	if err != nil {
		return err
	}
	return d.keep(p, t, take)
}

func (d *recordingDesk) keep(p *program, t content.Text, take voice.Take) error {
	if err := d.takes.Keep(t, take.Opus, take.Duration, d.As, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "kept %s, %.1f s\n", t.Key(), take.Duration.Seconds())
	return nil
}

// session goes through the texts that nobody has read as they are now.
func (d *recordingDesk) session(ctx context.Context, p *program) error {
	lines := bufio.NewScanner(p.stdin)
	waiting := slices.DeleteFunc(d.readings, func(r content.Reading) bool { return r.State == content.Fresh })
	for i, r := range waiting {
		fmt.Fprintf(p.stdout, "\n%d of %d, %s\n\n    %s\n\n", i+1, len(waiting), r.Key(), r.Words)
		if r.State == content.Stale {
			fmt.Fprintf(p.stdout, "(it has changed since %s read it)\n", r.By)
		}
		on, err := d.read(ctx, p, lines, r.Text)
		if err != nil || !on {
			return err
		}
	}
	fmt.Fprintln(p.stdout, "All of it is read. Thank you.")
	return nil
}

// read takes one text until the reader is content with it; false: the reader ends.
func (d *recordingDesk) read(ctx context.Context, p *program, lines *bufio.Scanner, t content.Text) (bool, error) {
	for {
		switch ask(p, lines, "Enter: record   s: skip   q: end") {
		case "":
		case "s":
			return true, nil
		default:
			return false, nil
		}
		take, err := d.take(ctx, p, lines)
		if e := (*advisory.Error)(nil); errors.As(err, &e) && e.Code != advisory.Internal {
			fmt.Fprintln(p.stdout, wire.Message(e, "en"), e.Hint)
			continue
		}
		if err != nil {
			return false, err
		}
		if err := voice.Play(ctx, d.Speaker, take.WAV); err != nil {
			fmt.Fprintln(p.stdout, "it cannot be played here:", err)
		}
		switch ask(p, lines, fmt.Sprintf("%.1f s.   Enter: keep   a: again   s: skip   q: end", take.Duration.Seconds())) {
		case "":
			return true, d.keep(p, t, take)
		case "a":
		case "s":
			return true, nil
		default:
			return false, nil
		}
	}
}

// ask gives what the person types, in small letters; "q" when nothing more can come.
func ask(p *program, lines *bufio.Scanner, question string) string {
	fmt.Fprint(p.stdout, question, "  ")
	if !lines.Scan() {
		return "q"
	}
	return strings.ToLower(strings.TrimSpace(lines.Text()))
}

// take records until Enter.
func (d *recordingDesk) take(ctx context.Context, p *program, lines *bufio.Scanner) (voice.Take, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type recorded struct {
		audio []byte
		err   error
	}
	done := make(chan recorded, 1)
	go func() {
		audio, err := voice.Record(ctx, d.Microphone)
		done <- recorded{audio, err}
	}()
	ask(p, lines, "Recording. Enter: stop")
	stop()
	r := <-done
	if r.err != nil {
		return voice.Take{}, r.err
	}
	return voice.NewTake(r.audio)
}
