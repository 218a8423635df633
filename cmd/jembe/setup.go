package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"jembe/advisory"
	"jembe/content"
	"jembe/edge"
	"jembe/edge/wire"
)

// setupCmd is the first run at a terminal. Where the box stands and whom to call are the program's own flags.
type setupCmd struct {
	Lang      string   `help:"Language of the questions." default:"en" placeholder:"CODE"`
	Name      *string  `help:"Name of the village; empty takes it back." placeholder:"NAME"`
	Crops     []string `help:"Crops that are grown: ids of the lexicon or names in any language." placeholder:"CROP"`
	Animals   []string `help:"Animals that are kept." placeholder:"ANIMAL"`
	Planted   []string `help:"When a crop was planted: maize=2026-03-20, or maize=\"2 weeks ago\"." sep:"none" placeholder:"CROP=DAY"`
	Languages []string `help:"Languages that are offered first, in this order." placeholder:"CODE"`
	PIN       *string  `name:"pin" help:"The operator's PIN, at least four digits; empty takes it away." placeholder:"PIN"`
	Show      bool     `help:"Only show what is set."`
}

// Run asks for what the program's own flags do not say, one by one. With flags of its own, and where nobody is there to answer, it asks
// nothing. Nothing is saved before the end.
func (a *setupCmd) Run(ctx context.Context, p *program, c *cli) error {
	desk, err := a.open(ctx, c)
	if err != nil {
		return err
	}
	defer desk.store.Close()
	if a.Show {
		return p.print(c, desk.village, desk.summary())
	}
	own, err := c.ownSettings()
	if err != nil {
		return err
	}
	desk.takeOwn(own)
	pin := a.PIN
	switch {
	case a.given():
		err = desk.take(a)
	case p.atTerminal && !c.JSON:
		pin, err = desk.interview(p, own)
	case own.Country+own.Zone == "" && len(own.Contacts) == 0:
		err = &advisory.Error{Code: advisory.BadRequest, Err: errors.New("nobody is at the terminal to answer, and no flag says what to set"),
			Hint: "give flags, such as --country KE or --crops maize,bean: see jembe setup --help"}
	}
	if err != nil {
		return err
	}
	if pin != nil {
		if err := desk.store.SetPIN(ctx, *pin); err != nil {
			return err
		}
	}
	if err := desk.store.SaveVillage(ctx, desk.village, desk.lexicon); err != nil {
		return err
	}
	return p.print(c, desk.village, desk.summary()+"\n"+advisory.Say(desk.lang, "setup_saved"))
}

func (a *setupCmd) given() bool {
	return a.Name != nil || a.PIN != nil || len(a.Crops)+len(a.Animals)+len(a.Planted)+len(a.Languages) > 0
}

// setupDesk is one run of the setup.
type setupDesk struct {
	store   *edge.Store
	lexicon *advisory.Lexicon
	lang    advisory.Lang
	keeps   []string // what is offered
	langs   []advisory.Lang
	village edge.Village
	office  wire.Settings
	hasPIN  bool
	today   string // as edge.Store.Today
}

func (a *setupCmd) open(ctx context.Context, c *cli) (*setupDesk, error) {
	packs := content.NewShelf(c.dataDir()).Load()
	advisory.UseCatalogs(packs.Messages)
	lang, err := parseLang(a.Lang)
	if err != nil {
		return nil, err
	}
	store, err := edge.OpenStore(ctx, c.dataDir())
	if err != nil {
		return nil, err
	}
	d := &setupDesk{
		store: store, lexicon: advisory.NewLexicon(packs.Concepts), lang: lang, keeps: keeps(packs), langs: advisory.MessageLangs(),
	}
	var errs [4]error
	d.village, errs[0] = store.Village(ctx)
	d.office, errs[1] = store.Office(ctx)
	d.hasPIN, errs[2] = store.HasPIN(ctx)
	d.today, errs[3] = store.Today(ctx)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return d, nil
}

// keeps gives the crops and animals that there is advice on, those with the most first. The widest groups of what is offered are left
// out: nobody grows "cereal".
func keeps(lib *content.Library) []string {
	count := map[string]int{}
	for _, d := range lib.Documents {
		for _, id := range slices.Concat(d.Crops, d.Animals) {
			count[id]++
		}
	}
	wide, narrow := map[string]bool{}, map[string]bool{}
	for _, c := range lib.Concepts {
		narrow[c.ID] = len(c.Is) > 0
		for _, id := range c.Is {
			wide[id] = wide[id] || count[c.ID] > 0
		}
	}
	maps.DeleteFunc(count, func(id string, _ int) bool { return wide[id] && !narrow[id] })
	ids := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	return oneOfEach(ids, lib.Concepts)
}

// oneOfEach offers each animal once. A group with several kinds that are offered goes, since its kinds stand for it, as chickens and ducks
// for poultry; and so does the young of an animal that is offered, whose advice comes with it, as the calf's with cattle's.
func oneOfEach(ids []string, concepts []advisory.Concept) []string {
	above, kinds := map[string][]string{}, map[string]int{}
	for _, c := range concepts {
		if c.Kind != advisory.Animal || !slices.Contains(ids, c.ID) {
			continue
		}
		above[c.ID] = c.Is
		for _, id := range c.Is {
			kinds[id]++
		}
	}
	const several = 2
	ids = slices.DeleteFunc(ids, func(id string) bool { return kinds[id] >= several })
	offered := slices.Clone(ids)
	return slices.DeleteFunc(ids, func(id string) bool {
		return slices.ContainsFunc(above[id], func(up string) bool { return slices.Contains(offered, up) })
	})
}

// takeOwn puts what the program's own flags say in the place of what is set.
func (d *setupDesk) takeOwn(own wire.Settings) {
	all := own.Or(d.village.Settings())
	d.village.Country, d.village.Zone, d.village.Contacts = all.Country, all.Zone, all.Contacts
}

// take does the same with the flags of setup.
func (d *setupDesk) take(a *setupCmd) error {
	if a.Name != nil {
		d.village.Name = strings.TrimSpace(*a.Name)
	}
	for _, list := range []struct {
		given []string
		read  func(string) error
	}{
		{a.Crops, d.readCrops}, {a.Animals, d.readAnimals}, {a.Languages, d.readLanguages},
	} {
		if len(list.given) > 0 {
			if err := list.read(strings.Join(list.given, ",")); err != nil {
				return err
			}
		}
	}
	for _, text := range a.Planted {
		crop, day, ok := strings.Cut(text, "=")
		if !ok {
			return &advisory.Error{Code: advisory.BadRequest, Err: fmt.Errorf("--planted %s names no day", text), Hint: `write maize=2026-03-20, or maize="2 weeks ago"`}
		}
		if err := d.readPlanted(strings.TrimSpace(crop), day); err != nil {
			return err
		}
	}
	return nil
}

// summary tells what is set, a line each.
func (d *setupDesk) summary() string {
	v := d.village
	var b strings.Builder
	line := func(what, says string) {
		if says != "" {
			fmt.Fprintf(&b, "%-12s %s\n", what, says)
		}
	}
	line("country", v.Country)
	line("zone", v.Zone)
	line("village", v.Name)
	line("crops", d.names(v.Crops))
	line("animals", d.names(v.Animals))
	for _, crop := range v.Crops {
		if day := v.Planted[crop]; day != "" {
			line("planted", d.lexicon.Name(crop, d.lang)+" "+day)
		}
	}
	line("languages", langs(v.Languages))
	for _, k := range v.Contacts {
		line(string(k.Kind), strings.TrimSpace(k.Name+" "+k.Number))
	}
	if b.Len() == 0 {
		return "nothing is set on this box"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (d *setupDesk) names(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, d.lexicon.Name(id, d.lang))
	}
	return strings.Join(out, ", ")
}
