package access

import (
	"slices"

	"parley/internal/seat"
)

// A Right is something that one person may do about how another comes in.
type Right uint8

const (
	Invite  Right = iota + 1 // make a link or a sheet
	Confirm                  // say that the one who came is the one who was meant
	Revoke                   // take away all that lets them in
)

// rights is the table of who may do what about whom: by role, the roles about
// which they may. Whoever is of a party may only within it.
//
// A delegation administers itself: nobody outside it lets anybody in. The
// mediator may send a link to whoever they accept (rule 6), but it opens
// nothing until the delegation's own head confirms. Host, secretariat and
// operator seat nobody.
var rights = map[Right]map[seat.Role][]seat.Role{
	Invite: {
		seat.Mediator: {seat.Mediator, seat.Team, seat.Host, seat.Observer, seat.Guarantor, seat.Head, seat.Delegate, seat.Adviser},
		seat.Head:     {seat.Delegate, seat.Adviser, seat.Capital},
		seat.Capital:  {seat.Head},
	},
	Confirm: {
		seat.Mediator: {seat.Mediator, seat.Team, seat.Host, seat.Observer, seat.Guarantor, seat.Head},
		seat.Head:     {seat.Delegate, seat.Adviser, seat.Capital},
		seat.Delegate: {seat.Head},
		seat.Capital:  {seat.Head},
	},
	Revoke: {
		seat.Mediator: {seat.Mediator, seat.Team, seat.Host, seat.Observer, seat.Guarantor},
		seat.Head:     {seat.Delegate, seat.Adviser, seat.Capital},
		seat.Capital:  {seat.Head, seat.Delegate, seat.Adviser},
	},
}

// May reports whether somebody at one place may do this about somebody at
// another. settled says that somebody of the delegation of whom has been let in
// and still is: from then on its head is confirmed from within, for the mediator
// could otherwise take the head's place; before, there is nobody within.
func May(r Right, by, whom Place, settled bool) bool {
	switch {
	case by.Talks == "" || by.Talks != whom.Talks,
		whom.Role.OfParty() != (whom.Party != ""),
		by.Role.OfParty() && (by.Party == "" || by.Party != whom.Party),
		!slices.Contains(rights[r][by.Role], whom.Role):
		return false
	case r == Confirm && whom.Role == seat.Head && by.Role == seat.Mediator:
		return !settled
	case r == Confirm && whom.Role == seat.Head && by.Role == seat.Delegate:
		return settled
	}
	return true
}
