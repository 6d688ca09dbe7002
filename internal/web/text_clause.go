package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/seat"
	"parley/internal/text"
)

// A shownClause is a clause as it stands on the page, with the panel that is
// opened below it.
type shownClause struct {
	D      *drafting
	Clause *text.Clause
	ID     string // on the page
	Word   string // of a heading: Article 3
	Label  string
	Href   string // opens its panel; empty in other readings
	At     text.ID
	Edits  []text.Edit // against another revision; nil otherwise
	Plain  bool        // a reading without brackets
	Gone   bool        // taken out
	Notes  []string    // beside it
	Panel  *panel
	Status string
	Class  string // of the status
}

// clauses are all of them, with every bracket.
func (d *drafting) clauses(p *panel) []shownClause {
	t := d.draft().Text
	list := make([]shownClause, len(t.Clauses))
	for i := range t.Clauses {
		list[i] = d.clause(&t.Clauses[i], p)
	}
	return list
}

func (d *drafting) clause(c *text.Clause, p *panel) shownClause {
	x := shownClause{D: d, Clause: c, ID: "clause-" + string(c.ID), Label: d.labels[c.ID], Word: d.heading(c), Href: d.href("clause", string(c.ID)) + "#panel"}
	x.Status, x.Class = d.status(c)
	x.Notes = d.assents(c)
	if open := d.open[c.ID]; open != "" {
		x.Notes = append(x.Notes, d.say("page.open-under", "Numbers", open))
	}
	if c.ForLeaders {
		x.Notes = append(x.Notes, d.say("page.for-leaders"))
	}
	for _, n := range c.Notes {
		x.Notes = append(x.Notes, d.say("page.note-by", "Side", phrasebook.Words(d.title(n.By)), "Words", phrasebook.Words(n.Words)))
	}
	if p != nil && p.Clause == c.ID {
		x.Panel, x.At = p, p.Bracket
	}
	return x
}

// openUnder lists, for every article or annex, the brackets that are open in it.
func openUnder(list []text.Clause) map[text.ID]string {
	open := map[text.ID]string{}
	var head *text.Clause
	for i := range list {
		c := &list[i]
		if c.Kind.IsHeading() {
			head = c
		}
		for ch := range c.Body.Choices {
			if head == nil || ch.Form == text.Both {
				continue
			}
			if open[head.ID] != "" {
				open[head.ID] += ", "
			}
			open[head.ID] += ordinal(ch.ID)
		}
	}
	return open
}

// heading is the word and number of a clause that is one.
func (d *drafting) heading(c *text.Clause) string {
	if !c.Kind.IsHeading() || c.Kind == text.Heading {
		return ""
	}
	return strings.TrimSpace(or(c.Word, d.say("page.kind-"+string(c.Kind))) + " " + c.Number)
}

// status says how far agreement has come; nothing of what is merely tabled.
func (d *drafting) status(c *text.Clause) (words, class string) {
	if c.Status == text.Tabled || c.Kind.IsHeading() && c.Status == text.UnderDiscussion {
		return "", ""
	}
	class = "near"
	if c.Status >= text.AgreedAdReferendum {
		class = "agreed"
	}
	return d.say("text-status." + statusKey(c.Status)), class
}

func statusKey(s text.Status) string {
	return [...]string{"tabled", "under-discussion", "agreed-ad-referendum", "agreed", "initialled", "authenticated"}[min(s, text.Authenticated)]
}

// assents says who has agreed, and on what condition. They are shown when sides are not,
// too: agreement is a party's own act.
func (d *drafting) assents(c *text.Clause) (list []string) {
	for _, a := range c.Assents {
		key := "page.assent"
		if a.Firm {
			key = "page.assent-firm"
		}
		args := []any{"Side", phrasebook.Words(d.title(string(a.Party)))}
		if len(a.If) > 0 {
			key, args = key+"-if", append(args, "If", d.conditions(a.If))
		}
		list = append(list, d.say(key, args...))
	}
	if len(c.Assents) > 0 {
		for _, p := range d.by.Parties {
			if !slices.ContainsFunc(c.Assents, func(a text.Assent) bool { return a.Party == p }) {
				list = append(list, d.say("page.assent-none", "Side", phrasebook.Words(d.title(string(p)))))
			}
		}
	}
	return list
}

// conditions names the clauses that an agreement depends on.
func (d *drafting) conditions(list []text.Condition) string {
	var names []string
	for _, on := range list {
		name := or(d.labels[on.Clause], string(on.Clause))
		if on.Text != "" {
			name = on.Text + ":" + string(on.Clause)
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// read gathers a reading without brackets, or one against a revision.
func (d *drafting) read(q url.Values) (words string, list []shownClause) {
	t := d.draft().Text
	if n, err := strconv.Atoi(q.Get("against")); err == nil {
		for _, rev := range d.draft().Revisions {
			if rev.Number == n {
				return d.say("page.reading-against-is", "Symbol", rev.Symbol), d.against(rev.Text)
			}
		}
	}
	side := q.Get("as")
	switch {
	case side == seat.Mediation:
		return d.say("page.reading-mediator-is"), d.clean(t.ChairReading(), side)
	case slices.Contains(d.sidesHere(), side) && (d.named() || side == d.by.Side):
		return d.say("page.reading-clean-is", "Side", phrasebook.Words(d.title(side))), d.clean(t.Clean(side), side)
	}
	return d.say("page.reading-none"), nil
}

func (d *drafting) clean(r text.Reading, side string) []shownClause {
	silent := map[text.ID][]string{}
	for _, s := range r.Silent {
		key := "page.reading-silent"
		if side == seat.Mediation {
			key = "page.reading-silent-mediator"
		}
		silent[s.Clause] = append(silent[s.Clause], d.say(key, "Side", phrasebook.Words(d.title(side)), "Number", ordinal(s.Bracket), "Option", s.Option))
	}
	list := make([]shownClause, 0, len(r.Text.Clauses))
	for i := range r.Text.Clauses {
		c := &r.Text.Clauses[i]
		if len(c.Body) == 0 && !c.Kind.IsHeading() {
			list = append(list, shownClause{D: d, Clause: c, ID: "clause-" + string(c.ID), Label: d.labels[c.ID], Plain: true, Notes: append(silent[c.ID], d.say("page.reading-empty"))})
			continue
		}
		list = append(list, shownClause{D: d, Clause: c, ID: "clause-" + string(c.ID), Label: d.labels[c.ID], Word: d.heading(c), Plain: true, Notes: silent[c.ID]})
	}
	return list
}

func (d *drafting) against(before *text.Text) (list []shownClause) {
	for _, x := range text.Diff(before, d.draft().Text) {
		c := x.After
		if c == nil {
			c = x.Before
		}
		s := shownClause{D: d, Clause: c, ID: "clause-" + string(c.ID), Label: or(d.labels[c.ID], before.Label(c.ID)), Word: d.heading(c), Edits: x.Edits, Gone: x.After == nil, Plain: true}
		switch {
		case x.After == nil:
			s.Notes = append(s.Notes, d.say("page.diff-gone"))
		case x.Before == nil:
			s.Notes = append(s.Notes, d.say("page.diff-new"))
		default:
			if x.Before.Number != x.After.Number {
				s.Notes = append(s.Notes, d.say("page.diff-number", "Before", x.Before.Number))
			}
			if x.Moved {
				s.Notes = append(s.Notes, d.say("page.diff-moved"))
			}
		}
		list = append(list, s)
	}
	return list
}
