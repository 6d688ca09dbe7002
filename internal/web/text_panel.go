package web

import (
	"net/url"
	"slices"
	"strings"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/secretariat"
	"parley/internal/text"
)

// A panel is a bracket or a clause that is opened: who stands where, what was
// done, and what this reader may do.
type panel struct {
	*drafting
	Clause  text.ID // below which it stands; empty if it is gone
	Bracket text.ID // empty for that of a clause
	Heading string
	Gone    string // what became of it
	Rows    []optionRow
	Lift    []string // what is proposed, and who has agreed
	Facts   []string
	Links   []chapter
	Stances *stances
	Forms   []form
	As      string
	Reads   string // why a reader has nothing to do here
}

// An optionRow is an option with who stands where.
type optionRow struct {
	Key      string
	Option   *text.Option
	Proposed []string
	Supports []string
	Opposes  []string
	Reserves []string
}

// stances are what is said of options with one press, under one audience line.
type stances struct {
	Request  string
	Audience audience
	Hidden   []field
	Rows     []stanceRow
}

type stanceRow struct {
	Key, Label string
	Buttons    []stance
}

type stance struct{ Action, Label, Name, Value string }

func (h *house) panel(s secretariat.Sight, d *drafting, q url.Values) *panel {
	switch b, c := text.ID(q.Get("bracket")), text.ID(q.Get("clause")); {
	case b != "":
		return h.bracketPanel(s, d, b)
	case c != "":
		return h.clausePanel(s, d, c)
	}
	return nil
}

// bracketPanel opens a bracket.
func (h *house) bracketPanel(s secretariat.Sight, d *drafting, id text.ID) *panel {
	p := &panel{drafting: d, Bracket: id}
	choice, clause := d.draft().Text.Bracket(id)
	if choice == nil {
		p.Heading = d.say("page.bracket-gone", "Number", ordinal(id))
		p.Gone = d.fate(id)
		return p
	}
	p.Clause = clause.ID
	p.Heading = d.say("page.bracket-head", "Number", ordinal(id), "Clause", d.labels[clause.ID], "Count", len(choice.Options))
	for i := range choice.Options {
		p.Rows = append(p.Rows, d.optionRow(&choice.Options[i]))
	}
	p.Lift = d.lifts(id)
	for i := range clause.Reserves {
		p.Facts = append(p.Facts, d.reserveWords(&clause.Reserves[i], d.labels[clause.ID]))
	}
	p.Links = []chapter{
		{Href: d.href("history", string(clause.ID)), Label: d.say("page.history-of", "Clause", d.labels[clause.ID])},
		{Href: d.href("clause", string(clause.ID)) + "#panel", Label: d.say("page.open-clause", "Clause", d.labels[clause.ID])},
		{Href: d.base + "#clause-" + string(clause.ID), Label: d.say("page.close")},
	}
	if d.closed || !d.takesPart() {
		p.Reads = d.say("page.text-reads-only")
		return p
	}
	d.askAbout(clause)
	p.As = d.say("page.you-may", "Side", phrasebook.Words(d.under(d.seat)))
	p.Stances = h.stances(s, d, choice)
	p.Forms = h.bracketForms(s, d, choice, clause)
	if p.Stances == nil && len(p.Forms) == 0 {
		p.Reads = d.say("page.bracket-settled")
	}
	return p
}

func (d *drafting) takesPart() bool { return d.seat.Permits("offer-option" + d.suffix()) }

// suffix ends the names of acts where the text is.
func (d *drafting) suffix() string {
	if d.in != "" {
		return inARoom
	}
	return ""
}

// optionRow says who stands where; nobody is written out on the page.
func (d *drafting) optionRow(o *text.Option) optionRow {
	r := optionRow{Key: o.Key, Option: o, Supports: o.Supporters, Opposes: o.Opponents}
	if o.Proposer != "" {
		r.Proposed = []string{o.Proposer}
	}
	for _, x := range o.Reserves {
		words := d.say("text-reserve." + string(x.Kind))
		if d.named() {
			words = d.title(x.Party) + ", " + words
		}
		if x.Until != "" {
			words += ", " + d.say("page.until", "Until", phrasebook.Words(x.Until))
		}
		r.Reserves = append(r.Reserves, words)
	}
	return r
}

// lifts says what is proposed for a bracket and who has agreed.
func (d *drafting) lifts(id text.ID) (list []string) {
	for _, l := range d.draft().Lifts {
		if l.Bracket != id {
			continue
		}
		key := "page.lift-by"
		if l.Option == "" {
			key = "page.lift-both"
		}
		list = append(list, d.say(key, "Side", phrasebook.Words(d.title(l.By)), "Option", l.Option))
		for _, p := range d.by.Parties {
			said := "page.lift-open"
			if slices.Contains(l.Agreed, p) {
				said = "page.lift-agreed"
			}
			list = append(list, d.say(said, "Side", phrasebook.Words(d.title(string(p)))))
		}
	}
	return list
}

// fate says what became of a bracket that is not there any more.
func (d *drafting) fate(id text.ID) string {
	for _, c := range slices.Backward(d.tabled.Changes) {
		switch e := c.Change.(type) {
		case text.BracketLifted:
			if e.Bracket == id {
				return d.text(e.Phrase()).String()
			}
		case text.OptionWithdrawn:
			if e.Bracket == id {
				return d.text(e.Phrase()).String()
			}
		}
	}
	return d.say("page.bracket-gone-note")
}

// may reports whether an act would be in order now, by the rules themselves, so
// that no button is shown that could only be refused.
func (d *drafting) may(a text.Act) bool {
	draft := d.draft()
	if d.asked != nil {
		draft = d.asked
	}
	_, err := a.Decide(draft, d.by)
	return err == nil
}

// askAbout narrows what may asks the rules about to one clause. What may be
// said of a bracket or a clause does not hang on the others, and a long text
// need not be weighed for every button.
func (d *drafting) askAbout(c *text.Clause) {
	draft, words := *d.draft(), *d.draft().Text
	words.Clauses = []text.Clause{*c}
	draft.Text = &words
	d.asked = &draft
}

// mayInAll is may for an act that hangs on the text as a whole.
func (d *drafting) mayInAll(a text.Act) bool {
	_, err := a.Decide(d.draft(), d.by)
	return err == nil
}

// stances are the buttons of a bracket.
func (h *house) stances(s secretariat.Sight, d *drafting, c *text.Choice) *stances {
	x := &stances{Request: h.request(), Audience: d.audienceOf("support-option", d.groups, s), Hidden: d.about("bracket", string(c.ID))}
	action := func(act string) string { return "/talks/" + d.talks + "/acts/" + act + d.suffix() }
	for i := range c.Options {
		key := c.Options[i].Key
		row := stanceRow{Key: key, Label: d.say("page.option", "Option", key)}
		for _, b := range []struct {
			act string
			try text.Act
		}{
			{"support-option", text.SupportOption{Bracket: c.ID, Option: key}},
			{"oppose-option", text.OpposeOption{Bracket: c.ID, Option: key}},
			{"withdraw-option", text.WithdrawOption{Bracket: c.ID, Option: key}},
			{"propose-lift", text.ProposeLift{Bracket: c.ID, Option: key}},
		} {
			if !d.may(b.try) {
				continue
			}
			label := "page.press-" + b.act
			if b.act == "withdraw-option" && c.Options[i].Proposer == d.by.Side {
				label += "-own"
			}
			row.Buttons = append(row.Buttons, stance{action(b.act), d.say(label, "Option", key), "option", key})
		}
		if len(row.Buttons) > 0 {
			x.Rows = append(x.Rows, row)
		}
	}
	whole := stanceRow{}
	if d.may(text.ProposeLift{Bracket: c.ID, Both: true}) {
		whole.Buttons = append(whole.Buttons, stance{action("propose-lift"), d.say("page.press-both"), "both", "yes"})
	}
	if d.may(text.AgreeToLift{Bracket: c.ID}) {
		whole.Buttons = append(whole.Buttons, stance{Action: action("agree-to-lift"), Label: d.say("page.press-agree-to-lift")})
	}
	if len(whole.Buttons) > 0 {
		x.Rows = append(x.Rows, whole)
	}
	if len(x.Rows) == 0 {
		return nil
	}
	return x
}

// about are the fields that say which text a form is about, and what in it.
func (d *drafting) about(more ...string) []field {
	list := []field{{Name: "text", Value: d.tabled.Name, Hidden: true}}
	if d.in != "" {
		list = append(list, field{Name: "in", Value: d.in, Hidden: true})
	}
	for i := 0; i+1 < len(more); i += 2 {
		list = append(list, field{Name: more[i], Value: more[i+1], Hidden: true})
	}
	return list
}

// textForm is the form of an act on this text, with what is settled fixed.
func (h *house) textForm(s secretariat.Sight, d *drafting, act string, fixed map[string]string, leave ...string) (form, bool) {
	want := desired{fixed: map[string]string{}, leave: append(leave, "track"), room: d.groups}
	for _, x := range d.about() {
		want.fixed[x.Name] = x.Value
	}
	for k, v := range fixed {
		want.fixed[k] = v
	}
	f, ok := h.form(d.voice, s, act+d.suffix(), want)
	if !ok {
		return f, false
	}
	if d.in != "" { // in a room it is called as at the table
		f.Heading = d.say("act." + act)
		f.Button = f.Heading
		for _, x := range []struct {
			key string
			to  *string
		}{{"page.head-" + act, &f.Heading}, {"page.do-" + act, &f.Button}, {"page.note-" + act, &f.Note}} {
			if d.book.Has(x.key) {
				*x.to = d.say(x.key)
			}
		}
		for i := range f.Fields {
			f.Fields[i].Label = d.say(labelKey(d.voice, act, f.Fields[i].Name))
		}
	}
	return f, true
}

// choose makes a field one of a few.
func choose(f *form, name string, list []option) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Options, f.Fields[i].Kind = list, catalogue.Text
		}
	}
}

// prefill puts words into a field, to be worked on.
func prefill(f *form, name, words string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			f.Fields[i].Value = words
		}
	}
}

// letters are the options of a bracket, to choose from.
func (d *drafting) letters(c *text.Choice, which func(*text.Option) bool) (list []option) {
	for i := range c.Options {
		o := &c.Options[i]
		if which != nil && !which(o) {
			continue
		}
		words := d.say("page.no-text")
		if !o.None {
			words = cutShort(o.Body.String(), 60)
		}
		list = append(list, option{Value: o.Key, Label: o.Key + ": " + words})
	}
	return list
}

// bracketForms are what takes more than pressing.
func (h *house) bracketForms(s secretariat.Sight, d *drafting, c *text.Choice, clause *text.Clause) (list []form) {
	add := func(act string, shape func(*form), fixed ...string) {
		set := map[string]string{}
		for i := 0; i+1 < len(fixed); i += 2 {
			set[fixed[i]] = fixed[i+1]
		}
		if f, ok := h.textForm(s, d, act, set); ok {
			if shape != nil {
				shape(&f)
			}
			list = append(list, f)
		}
	}
	b, id := string(c.ID), string(clause.ID)
	if d.may(text.DeclineLift{Bracket: c.ID}) {
		add("decline-lift", nil, "bracket", b)
	}
	if d.canOffer(c) {
		add("offer-option", nil, "bracket", b)
	}
	reservable := d.letters(c, func(o *text.Option) bool {
		return d.may(text.Reserve{Clause: clause.ID, Bracket: c.ID, Option: o.Key, Kind: text.Scrutiny}) || d.may(text.Reserve{Clause: clause.ID, Bracket: c.ID, Option: o.Key, Kind: text.General})
	})
	if len(reservable) > 0 {
		add("reserve", func(f *form) { choose(f, "option", reservable) }, "clause", id, "bracket", b)
	}
	for i := range c.Options {
		for _, r := range c.Options[i].Reserves {
			if d.may(text.LiftReserve{Reserve: r.ID}) {
				add("lift-reserve", func(f *form) { f.Heading += " " + d.numbers[r.ID] }, "reserve", string(r.ID))
			}
		}
	}
	if same := d.identical(c); len(same) > 1 {
		add("merge-options", func(f *form) { choose(f, "option", same); choose(f, "with", slices.Clone(same)) }, "bracket", b)
	}
	if c.Form != text.Both && clause.Status < text.AgreedAdReferendum {
		add("bracket-words", func(f *form) {
			f.Heading = d.say("page.head-bracket-within")
			choose(f, "option", d.letters(c, func(o *text.Option) bool { return !o.None }))
		}, "clause", id, "bracket", b)
	}
	return list
}

// canOffer tries an option that nobody has, to ask the rules whether one may be put here.
func (d *drafting) canOffer(c *text.Choice) bool {
	return d.may(text.OfferOption{Bracket: c.ID, Words: "words that stand in no option " + d.tabled.Name})
}

// identical are the options of a bracket that the pen-holder may make one.
func (d *drafting) identical(c *text.Choice) []option {
	return d.letters(c, func(o *text.Option) bool {
		return slices.ContainsFunc(c.Options, func(x text.Option) bool {
			return x.Key != o.Key && d.may(text.MergeOptions{Bracket: c.ID, Option: o.Key, With: x.Key})
		})
	})
}

// clausePanel opens a clause.
func (h *house) clausePanel(s secretariat.Sight, d *drafting, id text.ID) *panel {
	p := &panel{drafting: d}
	c := d.draft().Text.Find(id)
	if c == nil {
		p.Heading, p.Gone = d.say("page.clause-gone"), d.say("page.clause-gone-note")
		return p
	}
	p.Clause = c.ID
	p.Heading = d.say("page.clause-head", "Clause", d.labels[c.ID], "Status", phrasebook.Term("text-status."+statusKey(c.Status)))
	p.Facts = d.assents(c)
	for r := range c.AllReserves {
		p.Facts = append(p.Facts, d.reserveWords(r, d.labels[c.ID]))
	}
	if c.Body.Open() {
		p.Facts = append(p.Facts, d.say("page.clause-open", "Numbers", d.openNumbers(c)))
	}
	p.Links = []chapter{
		{Href: d.href("history", string(c.ID)), Label: d.say("page.history-of", "Clause", d.labels[c.ID])},
		{Href: d.href("view", "projector", "clause", string(c.ID)), Label: d.say("page.on-projector")},
		{Href: d.base + "#clause-" + string(c.ID), Label: d.say("page.close")},
	}
	if d.closed || !d.takesPart() {
		p.Reads = d.say("page.text-reads-only")
		return p
	}
	d.askAbout(c)
	p.As = d.say("page.you-may", "Side", phrasebook.Words(d.under(d.seat)))
	p.Forms = h.clauseForms(s, d, c)
	return p
}

func (d *drafting) openNumbers(c *text.Clause) string {
	var list []string
	for ch := range c.Body.Choices {
		if ch.Form != text.Both {
			list = append(list, ordinal(ch.ID))
		}
	}
	return strings.Join(list, ", ")
}

// clauseForms are what this reader may do with a clause now.
func (h *house) clauseForms(s secretariat.Sight, d *drafting, c *text.Clause) (list []form) {
	id := string(c.ID)
	add := func(ok bool, act string, shape func(*form), leave ...string) {
		if !ok {
			return
		}
		if f, may := h.textForm(s, d, act, map[string]string{"clause": id}, leave...); may {
			if shape != nil {
				shape(&f)
			}
			list = append(list, f)
		}
	}
	pen := d.by.Side == d.draft().Pen
	open := c.Status < text.AgreedAdReferendum
	add(d.may(text.AgreeAdReferendum{Clause: c.ID}), "agree-ad-referendum", nil)
	add(d.may(text.Confirm{Clause: c.ID}), "confirm", nil)
	add(d.may(text.Disavow{Clause: c.ID, Reason: "."}), "disavow", nil)
	add(d.may(text.Reopen{Clause: c.ID, Reason: "."}), "reopen", nil)
	add(pen && open, "revise", func(f *form) { prefill(f, "words", c.Body.String()) })
	add(open, "bracket-words", nil, "bracket", "option")
	add(d.may(text.Reserve{Clause: c.ID, Kind: text.Scrutiny}) || d.may(text.Reserve{Clause: c.ID, Kind: text.General}), "reserve", nil, "bracket", "option")
	for _, r := range c.Reserves {
		if d.may(text.LiftReserve{Reserve: r.ID}) {
			if f, ok := h.textForm(s, d, "lift-reserve", map[string]string{"reserve": string(r.ID)}); ok {
				f.Heading += " " + d.numbers[r.ID]
				list = append(list, f)
			}
		}
	}
	add(pen, "annotate", nil, d.noAudience()...)
	add(d.may(text.MarkForLeaders{Clause: c.ID}), "mark-for-leaders", nil, "off")
	if d.may(text.MarkForLeaders{Clause: c.ID, Off: true}) {
		if f, ok := h.textForm(s, d, "mark-for-leaders", map[string]string{"clause": id, "off": "yes"}); ok {
			f.Heading, f.Button = d.say("page.head-unmark"), d.say("page.head-unmark")
			list = append(list, f)
		}
	}
	add(pen, "renumber", nil)
	if f, ok := h.textForm(s, d, "add-clause", map[string]string{"after": id}); ok {
		list = append(list, f)
	}
	add(d.mayInAll(text.StrikeClause{Clause: c.ID}), "strike-clause", nil)
	return list
}

// noAudience leaves out whom a note is for where it is for everybody.
func (d *drafting) noAudience() []string {
	if d.in == "" {
		return []string{"audience"}
	}
	return nil
}

// textForms are what is done with the text as a whole.
func (h *house) textForms(s secretariat.Sight, d *drafting) (list []form) {
	if d.closed || !d.takesPart() {
		return nil
	}
	add := func(ok bool, act string, fixed map[string]string, shape func(*form), leave ...string) {
		if !ok {
			return
		}
		if f, may := h.textForm(s, d, act, fixed, leave...); may {
			if shape != nil {
				shape(&f)
			}
			list = append(list, f)
		}
	}
	x := d.draft()
	pen := d.by.Side == x.Pen
	add(pen && (x.Changed || len(x.Revisions) == 0), "freeze", nil, nil)
	add(d.mayInAll(text.TakePen{}), "take-pen", nil, nil)
	add(pen, "hand-pen", nil, func(f *form) {
		var to []option
		for _, side := range append(d.sidesHere(), "mediation", "chair") {
			if side != d.by.Side {
				to = append(to, option{Value: side, Label: d.title(side)})
			}
		}
		choose(f, "to", to)
	})
	add(d.mayInAll(text.ShowSides{Off: true}), "show-sides", map[string]string{"off": "yes"}, func(f *form) {
		f.Heading, f.Button = d.say("page.head-hide-sides"), d.say("page.head-hide-sides")
	})
	add(d.mayInAll(text.ShowSides{}), "show-sides", nil, nil, "off")
	add(d.mayInAll(text.Renumber{}), "renumber", nil, func(f *form) {
		f.Heading, f.Button = d.say("page.head-renumber-all"), d.say("page.head-renumber-all")
	}, "clause", "number")
	return list
}
