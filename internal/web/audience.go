package web

import (
	"slices"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/seat"
	"parley/internal/secretariat"
)

// An audience says, before anything is sent, who will read it, when, and under
// whose name. It is worked out from the groups that the entries will be for.
type audience struct {
	Who   string
	Under string
}

// publishing are the acts that enter words into the public record as well.
var publishing = []string{"announce", "publish", "issue-holding-line", "withdraw-holding-line"}

// audienceOf is the line above the button of an act. room is whom the room is
// for in which it is said, nil at the table.
func (v *voice) audienceOf(act string, room []string, s secretariat.Sight) audience {
	return audience{Who: v.readers(groupsOf(act, room, s), s), Under: v.under(s.Seat)}
}

// groupsOf returns the groups that will read what follows from an act.
func groupsOf(act string, room []string, s secretariat.Sight) []string {
	switch {
	case room != nil:
		return room
	case slices.Contains(publishing, act):
		return append(s.Talks.Audience(), seat.Public)
	}
	return s.Talks.Audience()
}

// readers says groups in words.
func (v *voice) readers(groups []string, s secretariat.Sight) string {
	var parts []string
	switch {
	case slices.Contains(groups, seat.Parties):
		parts = append(parts, v.table(s, observersIn(groups)))
	case slices.Contains(groups, seat.Mediation):
		parts = append(parts, v.say("page.seen-mediation-only", "Mediation", phrasebook.Words(v.title(seat.Mediation))))
	}
	var parties []string
	for _, g := range groups {
		if key, ok := strings.CutPrefix(g, seat.PartyGroup("")); ok {
			parties = append(parties, v.reader.Names.SideName(key))
		}
	}
	switch len(parties) {
	case 0:
	case 1:
		parts = append(parts, v.say("page.seen-own", "Party", phrasebook.Words(parties[0])))
	default:
		parts = append(parts, v.say("page.seen-two", "Parties", phrasebook.Words(strings.Join(parties, ", "))))
	}
	if slices.Contains(groups, seat.Public) {
		parts = append(parts, v.say("page.seen-public"))
	}
	return strings.Join(parts, "; ")
}

func observersIn(groups []string) (keys []string) {
	for _, g := range groups {
		if key, ok := strings.CutPrefix(g, seat.ObserverGroup("")); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

// table names everybody who sits at it.
func (v *voice) table(s secretariat.Sight, observers []string) string {
	var sides, seats []string
	for _, side := range v.sides {
		sides = append(sides, v.reader.Names.SideName(side))
	}
	for _, key := range observers {
		seats = append(seats, v.reader.Names.SeatName(key))
	}
	key, args := "page.seen-table", []any{"Sides", phrasebook.Words(strings.Join(sides, ", "))}
	switch {
	case len(s.Talks.Parties) == 0:
		key = "page.seen-mediation"
	case len(seats) > 0:
		key, args = "page.seen-table-observers", append(args, "Observers", phrasebook.Words(strings.Join(seats, ", ")))
	}
	return v.say(key, args...)
}

// under is the name that what a seat does stands under.
func (v *voice) under(s seat.Seat) string {
	if s.Role == seat.Observer || s.Role == seat.Guarantor {
		return s.Name
	}
	return v.title(s.Side())
}
