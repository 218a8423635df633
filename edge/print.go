package edge

import (
	"embed"
	"html/template"
	"io"
	"strings"

	"jembe/advisory"
	"jembe/content"
)

//go:embed print
var printed embed.FS

var sheets = template.Must(template.ParseFS(printed, "print/*.html"))

// sheetItem is a branch of the menu on paper.
type sheetItem struct {
	Number, Picture, Label string
	Branches               []sheetItem
}

// PrintMenu writes the menu as sheets of A4 with pictures and numbers, one file of HTML that needs nothing else.
func PrintMenu(w io.Writer, lang advisory.Lang, menu advisory.Menu) error {
	return sheets.ExecuteTemplate(w, "menu.html", map[string]any{
		"Lang": lang, "Title": advisory.Say(lang, "print_menu"), "Pictures": pictureSheet(), "Groups": sheetItems(menu, nil, lang, menu.Numbers()),
	})
}

// sheetItems gives the branches with the keys that lead to them; advice has its own number wherever it is listed.
func sheetItems(m advisory.Menu, path []int, lang advisory.Lang, numbers map[string]string) []sheetItem {
	var out []sheetItem
	for _, b := range m {
		at := append(path[:len(path):len(path)], b.Number)
		item := sheetItem{Number: advisory.FormatNumber(at), Picture: b.Picture, Label: b.Label(lang)}
		if own := numbers[b.Document]; own != "" {
			item.Number = own
		}
		item.Branches = sheetItems(b.Branches, at, lang, numbers)
		out = append(out, item)
	}
	return out
}

// pictureSheet gives the pictures as they stand in a page of their own: they are part of the program.
func pictureSheet() template.HTML { return template.HTML(content.PictureSheet()) }

// leaflet is one advice on paper.
type leaflet struct {
	Lang                                 advisory.Lang
	Number, Title, Press, Source, Review string
	Pictures, Sentences, Contacts        []string
}

// PrintLeaflets writes answers as leaflets of A5, each on a page of its own: what a village still has in hand when the box is
// away. Only answers that stand on a source are printed.
func PrintLeaflets(w io.Writer, lang advisory.Lang, menu advisory.Menu, answers []advisory.Answer) error {
	numbers := menu.Numbers()
	var out []leaflet
	for _, a := range answers {
		if a.Outcome != advisory.Answered || len(a.Citations) == 0 {
			continue
		}
		cited := a.Citations[0]
		l := leaflet{
			Lang: a.Lang, Number: numbers[cited.Document], Title: cited.Title, Sentences: advisory.Sentences(a.Text),
			Pictures: picturesTo(menu, cited.Document), Source: advisory.Say(a.Lang, "source", "source", cited.Source),
		}
		l.Press = advisory.Say(a.Lang, "print_press", "number", l.Number)
		l.Review = advisory.Say(a.Lang, map[bool]string{true: "reviewed", false: "unreviewed"}[a.Reviewed])
		for _, c := range a.Contacts {
			l.Contacts = append(l.Contacts, strings.Join(strings.Fields(advisory.Say(a.Lang, "page_contact_"+string(c.Kind))+" "+c.Name+" "+c.Number), " "))
		}
		out = append(out, l)
	}
	return sheets.ExecuteTemplate(w, "leaflets.html", map[string]any{"Lang": lang, "Pictures": pictureSheet(), "Leaflets": out})
}

// PrintVillage writes what was asked at a box and what came of it as a sheet of A5 for the wall.
func PrintVillage(w io.Writer, r VillageReport) error {
	pictures, err := embedded.ReadFile("page/village.svg")
	if err != nil {
		return err
	}
	return sheets.ExecuteTemplate(w, "village.html", map[string]any{
		"Lang": r.Lang, "Title": advisory.Say(r.Lang, "page_village"), "Parts": r.Parts, "Pictures": template.HTML(pictures),
	})
}

// picturesTo gives the pictures of the three choices that lead to an advice; none where the menu does not have it.
func picturesTo(menu advisory.Menu, document string) []string {
	var out []string
	menu.Walk(func(path []int, b advisory.Branch) {
		if b.Document != document || b.Also {
			return
		}
		for level := range path {
			above, _ := menu.At(path[:level+1]...)
			out = append(out, above.Picture)
		}
	})
	return out
}
