package web

import (
	"slices"
	"strconv"

	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/talks"
)

// A matter is something that is open: what, who owes it, by when.
type matter struct {
	What phrasebook.Text
	Said string // more of it, in words
	Href string
	By   []string // sides
	Due  string
	Warn bool
}

// owed lists what is open at the table and in the reader's own rooms, what
// stops a meeting first.
func (g glance) owed() (list []matter) {
	for _, part := range []func() []matter{g.owedPoint, g.owedSealed, g.owedRequests, g.owedDisclosure, g.owedModalities, g.owedTexts, g.owedPowers, g.owedDestructions} {
		list = append(list, part()...)
	}
	return list
}

// owedPoint is a point of order that waits for the chair.
func (g glance) owedPoint() []matter {
	m := g.Talks.Meeting()
	if m == nil {
		return nil
	}
	side, point, pending := m.Pending()
	if !pending {
		return nil
	}
	return []matter{{What: g.segments("page.owed-point", "Side", phrasebook.Side(side)), Said: point, Href: g.page("meeting"), By: []string{seat.ChairGroup}, Due: g.say("page.due-before-all"), Warn: true}}
}

// owedSealed are sealed questions: to a delegation, those it has not answered;
// to the mediation, those that are not open yet. Nobody can tell who has answered.
func (g glance) owedSealed() (list []matter) {
	for _, q := range g.in(room.Delegation).Put {
		if q.Answer == "" && q.Opens.Time.After(g.Now.Time) {
			list = append(list, matter{What: g.segments("page.owed-sealed", "Name", phrasebook.Words(q.Name)), Said: q.Text, Href: hrefRoom(g.Sight, room.Key{Kind: room.Delegation}),
				By: []string{string(g.Seat.Party)}, Due: g.told(q.Opens)})
		}
	}
	for _, q := range g.in(room.Mediation).Asked {
		if !q.Opened {
			list = append(list, matter{What: g.segments("page.owed-sealed-asked", "Name", phrasebook.Words(q.Name)), Said: q.Text, Href: hrefRoom(g.Sight, room.Key{Kind: room.Mediation}),
				By: sidesOf(q.Parties), Due: g.say("page.due-opens", "At", g.told(q.Opens))})
		}
	}
	return list
}

func sidesOf(parties []seat.Party) (sides []string) {
	for _, p := range parties {
		sides = append(sides, string(p))
	}
	return sides
}

// owedRequests are requests to attend that are not ruled on. What a party has
// said against one in confidence stands there for those it was said to.
func (g glance) owedRequests() (list []matter) {
	for _, x := range g.Talks.Requests {
		if x.Ruled || !g.heard(x.Number) {
			continue
		}
		m := matter{What: g.segments("page.owed-request", "Name", phrasebook.Words(x.Name), "As", phrasebook.Term("role."+string(x.As))), Href: g.page("delegations"), By: []string{seat.Mediation}}
		for _, r := range g.Rooms {
			for _, o := range r.Objections {
				if o.Request == x.Number {
					m.Said += g.say("page.owed-objection", "Party", phrasebook.Words(g.title(string(o.Party))), "Grounds", phrasebook.Words(o.Grounds)) + "\n"
				}
			}
		}
		list = append(list, m)
	}
	return list
}

// owedDisclosure is the mediation's word on its own interests, before the first
// meeting, and each party's note of it.
func (g glance) owedDisclosure() []matter {
	n := len(g.Talks.Disclosures)
	if n == 0 {
		return []matter{{What: g.segments("page.owed-disclosure"), Href: g.page("background"), By: []string{seat.Mediation}, Due: g.beforeFirst()}}
	}
	last := g.Talks.Disclosures[n-1]
	by := g.without(func(p seat.Party) bool { _, noted := last.Noted[p]; return noted })
	if len(by) == 0 || !g.heard(last.Number) {
		return nil
	}
	return []matter{{What: g.segments("page.owed-note"), Href: g.page("background"), By: by, Due: g.beforeFirst()}}
}

// beforeFirst is when something is due that precedes the first meeting.
func (g glance) beforeFirst() string {
	if len(g.Talks.Meetings) > 0 {
		return ""
	}
	return g.say("page.due-before-meeting")
}

// owedModalities are headings on which something is proposed that some have not
// answered. Those on which nothing is proposed stand in a sentence of their own.
func (g glance) owedModalities() (list []matter) {
	for _, word := range talks.Heading("").Choices() {
		m, proposed := g.Talks.Modalities[talks.Heading(word)]
		if !proposed {
			continue
		}
		by := g.without(func(p seat.Party) bool { _, agreed := m.Agreed[p]; return agreed })
		if len(by) == 0 {
			continue
		}
		x := matter{What: g.segments("page.owed-modality", "Heading", phrasebook.Term("heading."+word), "Side", phrasebook.Side(m.Side)), Href: g.page("modalities"), By: by}
		if !m.At.Time.Before(g.admission.at) {
			x.Said = cutShort(m.Text, 160)
		}
		list = append(list, x)
	}
	return list
}

// owedTexts are proposals to settle brackets that wait for somebody, and what
// was agreed ad referendum and not confirmed, text by text.
func (g glance) owedTexts() (list []matter) {
	add := func(x *talks.NegotiatingText, href string, parties []string) {
		d := x.Draft
		if d.Text == nil {
			return
		}
		title := phrasebook.Words(or(d.Text.Title, x.Name))
		for _, l := range d.Lifts {
			by := slices.DeleteFunc(slices.Clone(parties), func(p string) bool { return slices.Contains(l.Agreed, seat.Party(p)) })
			label := ""
			if _, c := d.Text.Bracket(l.Bracket); c != nil {
				label = d.Text.Label(c.ID)
			}
			list = append(list, matter{What: g.segments("page.owed-lift", "Clause", phrasebook.Words(label), "Text", title), Href: href, By: by})
		}
		unconfirmed := map[string]int{}
		for i := range d.Text.Clauses {
			for _, a := range d.Text.Clauses[i].Assents {
				if !a.Firm {
					unconfirmed[string(a.Party)]++
				}
			}
		}
		for _, p := range parties {
			if n := unconfirmed[p]; n > 0 {
				list = append(list, matter{What: g.segments("page.owed-confirm", "Count", n, "Text", title), Href: href, By: []string{p}})
			}
		}
	}
	for _, name := range g.Talks.Texts.Names() {
		if x := g.Talks.Texts[name]; len(x.Changes) > 0 && g.heard(x.Changes[len(x.Changes)-1].Number) {
			add(x, g.page("meeting"), g.parties())
		}
	}
	for _, r := range g.Rooms {
		for _, name := range r.Texts.Names() {
			add(r.Texts[name], hrefRoom(g.Sight, r.Key), g.partiesOf(r))
		}
	}
	return list
}

// partiesOf are the parties that are in a room.
func (g glance) partiesOf(r *room.Room) []string {
	return g.without(func(p seat.Party) bool { return !slices.Contains(r.Members, seat.PartyGroup(p)) })
}

// owedPowers are parties whose head has no powers on the record.
func (g glance) owedPowers() []matter {
	by := g.without(func(p seat.Party) bool { head, ok := g.Talks.Head(p); return ok && len(head.Powers) > 0 })
	if len(by) == 0 {
		return nil
	}
	return []matter{{What: g.segments("page.owed-powers"), Href: g.page("delegations"), By: by, Due: g.say("page.due-before-initialling")}}
}

// owedDestructions are words that one side asks to be destroyed.
func (g glance) owedDestructions() (list []matter) {
	for _, x := range g.Talks.Destructions {
		if x.Done || !g.heard(x.Entry) {
			continue
		}
		by := append([]string{seat.Mediation}, g.parties()...)
		by = slices.DeleteFunc(by, func(side string) bool { return side == x.Side || side == seat.Mediation && x.Side == seat.ChairGroup })
		list = append(list, matter{What: g.segments("page.owed-destruction", "Side", phrasebook.Side(x.Side), "Entry", strconv.FormatInt(x.Entry, 10)), Said: x.Ground, Href: g.page("records/joint"), By: by})
	}
	return list
}

// page is the address of one of the talks' pages.
func (g glance) page(name string) string { return "/talks/" + g.ID + "/" + name }
