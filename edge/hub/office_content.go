package hub

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"jembe/advisory"
	"jembe/content"
)

// contentView is what the page of published content shows.
type contentView struct {
	Packs     []Published // the newest first
	Withdrawn []content.Revocation
	Said      []string // why a pack was not published, or what a reviewer should look at, one by one
}

// content is GET /content.
func (o *office) content(v *visit) error { return o.showContent(v, nil) }

func (o *office) showContent(v *visit, said []string) error {
	ctx := v.Request().Context()
	all, err := o.hub.Packs(ctx)
	if err != nil {
		return err
	}
	view := contentView{Said: said}
	for i := range all {
		view.Packs = append(view.Packs, all[len(all)-1-i])
	}
	if view.Withdrawn, err = o.hub.WithdrawnDocuments(ctx); err != nil {
		return err
	}
	return o.show(v, "content", view)
}

// mostProblems is how many of a pack's problems the page shows.
const mostProblems = 50

func lines(problems content.Problems) []string {
	var out []string
	for _, p := range problems[:min(len(problems), mostProblems)] {
		out = append(out, p.String())
	}
	if n := len(problems) - len(out); n > 0 {
		out = append(out, fmt.Sprintf("… %d", n))
	}
	return out
}

// publish is POST /content: a pack, checked by the rules of the box before anything changes.
func (o *office) publish(v *visit) error {
	ctx := v.Request().Context()
	header, err := v.FormFile("pack")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return o.again(v, Refusal("pack_missing"), o.content)
	}
	if err != nil {
		return err
	}
	archive, err := keepUpload(header, o.hub.Data)
	if err != nil {
		return err
	}
	defer os.Remove(archive)
	p := Publication{Pack: archive, By: v.user.Name, Corrects: strings.Fields(v.FormValue("corrects"))}
	published, warnings, err := o.hub.Publish(ctx, p)
	if problems := (content.Problems)(nil); errors.As(err, &problems) {
		return o.again(v, Refusal("pack_stopped"), func(v *visit) error { return o.showContent(v, lines(problems)) })
	}
	if err != nil {
		return o.again(v, err, o.content)
	}
	if err := o.staff.note(ctx, v.by().did("pack published", published.ID())); err != nil {
		return err
	}
	if len(warnings) > 0 {
		return o.showContent(v, lines(warnings))
	}
	return v.done("/content", "published")
}

// keepUpload writes an uploaded file into a temporary one of the folder, and gives its name.
func keepUpload(header *multipart.FileHeader, dir string) (name string, err error) {
	in, err := header.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.CreateTemp(dir, ".upload-*.tar.zst")
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	_, err = io.Copy(out, in)
	return filepath.Clean(out.Name()), err
}

// withdraw is POST /content/withdraw: a version of a pack (name@version), or a document (LANG/ID, or ID in every language).
func (o *office) withdraw(v *visit) error {
	ctx := v.Request().Context()
	pack, document := strings.TrimSpace(v.FormValue("pack")), strings.TrimSpace(v.FormValue("document"))
	what, err := pack, error(nil)
	switch {
	case pack != "":
		err = o.hub.Withdraw(ctx, pack, v.user.Name)
	case document != "":
		what = document
		err = o.hub.WithdrawDocument(ctx, document, v.user.Name)
	default:
		err = Refusal("withdraw_what")
	}
	if known := (*advisory.Error)(nil); errors.As(err, &known) && known.Code == advisory.NotFound {
		err = Refusal("withdraw_what")
	}
	if err != nil {
		return o.again(v, err, o.content)
	}
	if err := o.staff.note(ctx, v.by().did("content taken back", what)); err != nil {
		return err
	}
	return v.done("/content", "withdrawn")
}
