package web

import (
	"slices"
	"strconv"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/room"
)

// dues are times that press: for the mediation its register of deadlines and
// outside pressure, for a delegation its sealed questions, for everyone the
// holding lines that lapse.
type dues struct {
	Heading, Note string
	Lines         []due
	next          *due
}

// A due is one of them.
type due struct {
	at     time.Time // zero if it has no date
	At     string
	What   string
	Note   string
	Href   string
	Passed bool
}

func (g glance) dues() dues {
	d := dues{Heading: g.say("page.board-dues")}
	if ofMediation(g.Seat) {
		d.Heading, d.Note = g.say("page.board-dues-mediation"), g.say("page.board-dues-note")
	}
	d.Lines = slices.Concat(g.register(), g.openings(), g.lapses())
	slices.SortStableFunc(d.Lines, func(a, b due) int {
		if a.at.IsZero() != b.at.IsZero() { // what has no date comes last
			return b.at.Compare(a.at)
		}
		return a.at.Compare(b.at)
	})
	for i, x := range d.Lines {
		d.Lines[i].Passed = !x.at.IsZero() && !x.at.After(g.Now.Time)
		if d.next == nil && x.at.After(g.Now.Time) {
			d.next = &d.Lines[i]
		}
	}
	return d
}

// register is the mediation's own; to others there is none.
func (g glance) register() (list []due) {
	r := g.in(room.Mediation)
	for _, x := range r.Deadlines {
		if x.Struck {
			continue
		}
		line := due{What: x.What, Href: hrefRoom(g.Sight, r.Key) + "#e" + strconv.FormatInt(x.Number, 10), At: g.say("page.due-no-date")}
		if x.Due != nil {
			line.at, line.At = x.Due.Time, g.told(*x.Due)
		}
		switch {
		case x.Pressure && x.Source != "":
			line.Note = g.say("page.due-pressure-source", "Source", phrasebook.Words(x.Source))
		case x.Pressure:
			line.Note = g.say("page.due-pressure")
		case x.Source != "":
			line.Note = g.say("aside.source", "Source", phrasebook.Words(x.Source))
		}
		list = append(list, line)
	}
	return list
}

// openings are when sealed answers are opened.
func (g glance) openings() (list []due) {
	for _, kind := range []room.Kind{room.Mediation, room.Delegation} {
		r := g.in(kind)
		for _, q := range slices.Concat(r.Asked, r.Put) {
			if !q.Opened && q.Opens.Time.After(g.Now.Time) {
				list = append(list, due{at: q.Opens.Time, At: g.told(q.Opens), What: g.say("page.due-sealed", "Name", phrasebook.Words(q.Name)), Note: q.Text, Href: hrefRoom(g.Sight, r.Key)})
			}
		}
	}
	return list
}

// lapses are when holding lines end.
func (g glance) lapses() (list []due) {
	for _, l := range g.Talks.Lines {
		if !l.Over && g.heard(l.Number) {
			list = append(list, due{at: l.Until.Time, At: g.told(l.Until), What: g.say("page.due-line", "Side", phrasebook.Words(g.title(l.Side))), Note: l.Text, Href: g.page("publish")})
		}
	}
	return list
}

// figure is what is due next.
func (d dues) figure(v *voice) figure {
	f := figure{Word: v.say("page.board-next-due"), Says: v.say("page.board-none-due"), Runs: -1}
	if d.next != nil {
		f.Says, f.Note = d.next.At, cutShort(d.next.What, 80)
	}
	return f
}
