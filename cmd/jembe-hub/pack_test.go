package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jembe/cmd/terminal"
	"jembe/content"
)

// officePack writes the folder of a pack of one document.
func officePack(t *testing.T, says string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "office")
	doc := filepath.Join(dir, "docs", "en", "goat-pen.md")
	text := "---\nid: goat-pen\nlang: en\ntitle: Goat pen\nsources: [{name: Us, url: https://example.org/, year: 2026}]\n" +
		"status: unreviewed\nquestions:\n  - How do I build a goat pen?\nanswer: " + says + "\n---\n\n## What to do\n\n" + says + "\n"
	if err := errors.Join(os.MkdirAll(filepath.Dir(doc), 0o755), os.WriteFile(doc, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// want runs a command that must end with a code, and say something.
func want(t *testing.T, data string, code int, says string, args ...string) string {
	t.Helper()
	r := jembeHub(t, data, args...)
	if r.code != code || !strings.Contains(r.stdout+r.stderr, says) {
		t.Errorf("%v: exit %d, want %d and %q\n%s%s", args, r.code, code, says, r.stdout, r.stderr)
	}
	return r.stdout
}

func TestPackCommands(t *testing.T) {
	data, pack := t.TempDir(), officePack(t, "Keep the pen dry")
	want(t, data, terminal.OK, "nothing was published yet", "pack", "list")
	want(t, data, terminal.OK, "published office@", "pack", "publish", pack, "--as", "Amina Njeri")
	want(t, data, terminal.OK, "by Amina Njeri", "pack", "list")
	archive := filepath.Join(t.TempDir(), "office.tar.zst")
	if _, _, err := content.Build(pack, archive, content.BuildOptions{Version: "20990101000000"}); err != nil {
		t.Fatal(err)
	}
	want(t, data, terminal.OK, "published office@20990101000000", "pack", "publish", archive)
	want(t, data, terminal.Usage, "larger version", "pack", "publish", archive)
	want(t, data, terminal.Failure, "mend the documents", "pack", "publish", officePack(t, "Spray monocrotophos"))
	want(t, data, terminal.Usage, "jembe-hub", "pack", "publish", filepath.Join(data, "nothing.tar.zst"))
	want(t, data, terminal.OK, "office@20990101000000 is taken back", "pack", "withdraw", "office@20990101000000")
	want(t, data, terminal.Failure, "pack list", "pack", "withdraw", "office@20990101000000")
	want(t, data, terminal.Usage, "--document", "pack", "withdraw")
	want(t, data, terminal.Usage, "LANG/ID", "pack", "withdraw", "--document", "../x")
	want(t, data, terminal.OK, "taken back", "pack", "withdraw", "--document", "sw/rabies")
	want(t, data, terminal.Usage, "--corrects goat-pen", "pack", "publish", withdrawnFirst(t, data, pack))
	var list struct {
		Version   int64
		Packs     []struct{ Name, Version string }
		Documents []string `json:"withdrawn_documents"`
	}
	if err := json.Unmarshal([]byte(want(t, data, terminal.OK, "", "--json", "pack", "list")), &list); err != nil {
		t.Fatal(err)
	}
	if list.Version == 0 || len(list.Packs) != 2 || len(list.Documents) != 2 {
		t.Errorf("%+v", list)
	}
}

// withdrawnFirst takes the document of a pack back, and gives an archive of a newer version that still holds it.
func withdrawnFirst(t *testing.T, data, pack string) string {
	t.Helper()
	want(t, data, terminal.OK, "taken back", "pack", "withdraw", "--document", "goat-pen")
	archive := filepath.Join(t.TempDir(), "office.tar.zst")
	if _, _, err := content.Build(pack, archive, content.BuildOptions{Version: "21000101000000"}); err != nil {
		t.Fatal(err)
	}
	return archive
}

func TestSignedPackIsCheckedByMinisign(t *testing.T) {
	data, archive := t.TempDir(), filepath.Join(t.TempDir(), "office.tar.zst")
	if _, _, err := content.Build(officePack(t, "Keep the pen dry"), archive, content.BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	var signed struct{ Signature, Key string }
	if err := json.Unmarshal([]byte(want(t, data, terminal.OK, "", "--json", "pack", "sign", archive)), &signed); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("minisign"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("apt-get install minisign")
		}
		t.Skip("needs minisign: apt-get install minisign")
	}
	if out, err := exec.Command("minisign", "-Vm", archive, "-P", signed.Key).CombinedOutput(); err != nil {
		t.Errorf("minisign -Vm: %v\n%s", err, out)
	}
}

func TestKeysCommands(t *testing.T) {
	data := t.TempDir()
	keys := func(args ...string) (out struct {
		Root, Publisher string
		RootFile        string `json:"root_file"`
	}) {
		t.Helper()
		if err := json.Unmarshal([]byte(want(t, data, terminal.OK, "", append([]string{"--json", "keys"}, args...)...)), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	first, root := keys("init"), filepath.Join(t.TempDir(), "root.key")
	if first.RootFile == "" || keys("export-root", root).RootFile != "" {
		t.Error("the root key was not there, or was not moved away")
	}
	want(t, data, terminal.Usage, "--root FILE", "keys", "rotate")
	second := keys("rotate", "--root", root)
	if second.Publisher == first.Publisher || second.Root != first.Root {
		t.Errorf("%+v after %+v", second, first)
	}
	third := keys("rotate", "--root", root, "--new-root")
	if third.Publisher != second.Publisher || third.Root == second.Root || third.RootFile == "" {
		t.Errorf("%+v after %+v", third, second)
	}
	want(t, data, terminal.Usage, "is there already", "keys", "export-root", root)
}

func TestSettingsCommand(t *testing.T) {
	data := t.TempDir()
	want(t, data, terminal.OK, "vet Dr Atieno 0722 000 111", "settings", "--country", "ke", "--zone", "humid", "--contact-vet", "Dr Atieno, 0722 000 111")
	want(t, data, terminal.OK, "place KE humid", "settings")
	if out := want(t, data, terminal.OK, "place KE\n", "settings", "--zone", "", "--contact-vet", ""); strings.Contains(out, "Atieno") {
		t.Errorf("the vet was not taken back: %s", out)
	}
	want(t, data, terminal.Usage, "ISO 3166", "settings", "--country", "Kenya")
	want(t, data, terminal.Usage, "phone number", "settings", "--contact-vet", "Dr Atieno")
	want(t, data, terminal.Failure, "no box", "settings", "--box", "nobody", "--country", "KE")
}
