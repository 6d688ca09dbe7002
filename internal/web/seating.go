package web

import (
	"net/http"
	"slices"

	"parley/internal/seat"
)

// A seatingView is who sits where at the table, to be printed and laid out.
type seatingView struct {
	frame
	Words  string // of the venue, on seating
	Place  string // where
	Top    delegation
	Facing *facing      // two parties, one on each side
	Around []delegation // more parties, or one: in their order around the table
	Behind []delegation // advisers, who sit behind
	Others []delegate
}

// facing is a table with a party on each long side.
type facing struct {
	Left, Right string // sides
	Rows        []pair
}

// A pair are two places that face each other; a place that nobody has is empty.
type pair struct{ Left, Right delegate }

func (h *house) seatingPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p seatingView
	err := h.glance(r, v, func(g glance) error {
		p = g.seating()
		p.frame = h.frame(g.voice, g.Sight, "seating")
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, seatingRoom(p))
}

// seating lays the table from the delegations. Chair and mediation sit at its
// head; two parties face each other.
func (g glance) seating() (p seatingView) {
	p.Words, p.Place = g.Talks.Venue.Seating, g.Talks.Venue.Place
	var sides []delegation
	all := lists(g.voice, g.Talks)
	p.Top = all[0]
	for i, party := range g.Talks.Parties {
		at, behind := g.atTable(party.Key)
		sides = append(sides, delegation{Side: string(party.Key), Heading: all[i+1].Heading, People: at})
		if len(behind) > 0 {
			p.Behind = append(p.Behind, delegation{Side: string(party.Key), Heading: all[i+1].Heading, People: behind})
		}
	}
	if len(all) > len(sides)+1 {
		p.Others = all[len(all)-1].People
	}
	if len(sides) != 2 {
		p.Around = sides
		return p
	}
	left, right := ranged(sides[0].People, true), ranged(sides[1].People, false)
	p.Facing = &facing{Left: sides[0].Side, Right: sides[1].Side}
	for i := range max(left.head, right.head) + max(len(left.people)-left.head, len(right.people)-right.head) {
		from := max(left.head, right.head)
		p.Facing.Rows = append(p.Facing.Rows, pair{left.place(i - from), right.place(i - from)})
	}
	return p
}

// atTable are the head and members of a delegation in their order, and the
// advisers who sit behind them.
func (g glance) atTable(party seat.Party) (at, behind []delegate) {
	for _, s := range ranked(g.Talks) {
		switch {
		case s.Party != party:
		case s.Role == seat.Adviser:
			behind = append(behind, g.delegate(s))
		default:
			at = append(at, g.delegate(s))
		}
	}
	return at, behind
}

// A side is a delegation along its side of the table, from the chair's end, with
// the place of its head.
type side struct {
	people []delegate
	head   int
}

// place is who sits so many places from the head, away from the chair.
func (s side) place(from int) delegate {
	if i := s.head + from; i >= 0 && i < len(s.people) {
		return s.people[i]
	}
	return delegate{}
}

// ranged seats a delegation: the head in the middle, the second at the head's
// right hand, the third at the left, and so on outwards. The right hand of those
// on the left side, seen from the chair's end, points away from the chair; that
// of the other side points towards it.
func ranged(people []delegate, left bool) (s side) {
	for i, who := range people {
		if i > 0 && (i%2 == 1) != left {
			s.people = slices.Insert(s.people, 0, who)
			s.head++
		} else {
			s.people = append(s.people, who)
		}
	}
	return s
}
