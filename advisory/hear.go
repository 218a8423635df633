package advisory

import "context"

// hear recognises the question and goes on with its words.
func (k *ask) hear(ctx context.Context) error {
	if k.Transcriber == nil {
		return &Error{Code: NoRecogniser, Hint: "install the recogniser; see jembe doctor"}
	}
	heard, err := k.Transcriber.Transcribe(ctx, k.q.Audio, k.q.Lang)
	if err != nil {
		return err
	}
	k.answer.Timings.Decode = float64(heard.Decode.Microseconds()) / 1000
	k.answer.Timings.Hear = float64(heard.Hear.Microseconds()) / 1000
	u := Understanding{Lang: k.q.Lang}
	if u.Lang == "" {
		u.Lang = heard.Lang
	}
	_, numbered := k.Menu.Advice(heard.Text)
	switch _, err := Clean(heard.Text); {
	case heard.Silent:
		k.settle(u, message(u, Unsure, Silence), nil)
	case err != nil || !heard.Farm && !numbered && !k.leansOn(heard.Text):
		k.settle(u, message(u, Unsure, NotHeard), nil)
	default:
		k.doubtful = heard.Doubtful
		if err := k.words(ctx, unswapped(heard.Text, heard.Lang)); err != nil {
			return err
		}
	}
	k.answer.Heard = heard.Text
	return nil
}
