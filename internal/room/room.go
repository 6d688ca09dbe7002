// Package room is what goes on in a private room: a record of its own, folded
// into a [Room], with acts that only those in the room may do or ever hear of.
//
// Like talks, it is a pure function of its record: Decide may refuse and
// changes nothing, Apply changes and cannot refuse. Whoever is not in a room
// cannot tell whether anything happened there; so no event of a room touches
// the joint record, and room keys are made by the desk from chance. Which seats
// there are at the table it asks of talks, and never changes them.
package room

import (
	"slices"
	"strings"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// A Kind says what a room is for, and so who is in it.
type Kind string

const (
	Notes      Kind = "notes"      // two parties pass each other notes
	Delegation Kind = "delegation" // one party with its capital
)

// A Key says which room an act belongs to. There is one room of each key.
type Key struct {
	Kind    Kind
	Members []seat.Party // in order of key
}

// String is the same for equal keys.
func (k Key) String() string {
	s := make([]string, len(k.Members))
	for i, m := range k.Members {
		s[i] = string(m)
	}
	return string(k.Kind) + " " + strings.Join(s, " ")
}

func between(kind Kind, members ...seat.Party) Key {
	slices.Sort(members)
	return Key{kind, members}
}

// Audience returns the groups that everything in the room is for.
func (k Key) Audience() []string {
	groups := make([]string, len(k.Members))
	for i, m := range k.Members {
		groups[i] = seat.PartyGroup(m)
	}
	return groups
}

// An Act is something to do in a room.
type Act interface {
	// Room says in which. It is asked before anything is decided.
	Room(by seat.Seat) Key
	decide(r *Room, t *talks.Talks, by seat.Seat, at talks.Moment) ([]talks.Event, error)
}

type event interface {
	talks.Event
	apply(r *Room, on talks.Entered)
}

// Room is the state that a room's record leads to. The zero value is a room
// that has not been formed. Its fields are for reading; only Apply changes them.
type Room struct {
	Key       Key
	Slot      int    // which of the anchor values is this room's
	AnchorKey []byte // 32 bytes, from which the salts of its anchors are derived
	Notes     []NotePassed
	Capital   []seat.Seat
}

// Formed reports whether the room exists.
func (r *Room) Formed() bool { return len(r.AnchorKey) > 0 }

// Decide rules on an act in the room. It changes nothing.
func (r *Room) Decide(act Act, t *talks.Talks, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	name, rule := Acts.NameOf(act), Acts.RuleOf(act)
	switch {
	case !t.Open():
		return nil, ruling.Nothing()
	case !by.Permits(name):
		return nil, ruling.No(ruling.Denied, rule, "not-entitled", "Role", phrasebook.Term("role."+string(by.Role)), "Act", phrasebook.Term("act."+name))
	case t.Closed != nil:
		return nil, ruling.No(ruling.OutOfOrder, 1, "talks-closed")
	}
	return act.decide(r, t, by, at)
}

// Apply brings the room up to date with an event of its record.
func (r *Room) Apply(e talks.Event, on talks.Entered) {
	if e, ok := e.(event); ok {
		e.apply(r, on)
	}
}

// Form is the first event of a room's record. Slot and key are the desk's to
// choose: neither may say how many rooms there are.
func Form(k Key, slot int, anchorKey []byte) talks.Event {
	return RoomFormed{Kind: k.Kind, Members: k.Members, Slot: slot, AnchorKey: anchorKey}
}

// RoomFormed is the first entry of every room's record.
type RoomFormed struct {
	Kind      Kind
	Members   []seat.Party
	Slot      int
	AnchorKey []byte `json:"anchor-key"`
}

func (e RoomFormed) apply(r *Room, _ talks.Entered) {
	r.Key, r.Slot, r.AnchorKey = Key{e.Kind, e.Members}, e.Slot, e.AnchorKey
}

// Phrase is empty: that a room was formed is not told to people.
func (e RoomFormed) Phrase() phrasebook.Phrase { return phrasebook.Phrase{} }

// The catalogue of rooms; see that of talks.
var (
	Acts = catalogue.Ruled(
		under(60, PassNote{}),
		under(61, SeatCapital{}),
	)
	Events = catalogue.Of[talks.Event](
		RoomFormed{},
		NotePassed{},
		CapitalSeated{},
	)
)

// under is a line of the catalogue of acts.
func under(rule int, act Act) catalogue.Line[Act] { return catalogue.Line[Act]{Rule: rule, Value: act} }
