package room

import (
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
	"parley/internal/text"
)

// InRoom is an act on a text that those in a room draft among themselves.
type InRoom[A text.Act] struct {
	In   string // the room; see address
	Text string // a short word to call it by
	Act  A      `flat:"yes"`
}

// ActName is the name of the act that is wrapped, and that it is for rooms.
func (a InRoom[A]) ActName() string { return talks.TextActName(a.Act) + "-in-room" }

// Room is the one that is addressed.
func (a InRoom[A]) Room(by seat.Seat) Key { return address(a.In, by) }

func (a InRoom[A]) decide(r *Room, t *Table, by seat.Seat, _ talks.Moment) ([]talks.Event, error) {
	k := a.Room(by)
	if err := there(r, k, t); err != nil {
		return nil, err
	}
	changes, err := r.Texts.Decide(a.Text, "", a.Act, r.hand(k, t, by), func(string) error { return nil })
	if err != nil {
		return nil, err
	}
	members := r.Members
	if !r.Formed() {
		members = k.Members()
	}
	switch hidden, err := talks.NotesForFewer(changes, members); {
	case err != nil:
		return nil, err
	case hidden:
		return nil, ruling.No(ruling.Invalid, 80, "note-for-room")
	}
	events := make([]talks.Event, len(changes))
	for i, c := range changes {
		events[i] = TextChangedInRoom(c)
	}
	return events, nil
}

// hand is in whose name a seat acts: only the parties in the room are asked.
func (r *Room) hand(k Key, t *Table, by seat.Seat) text.Hand {
	members := r.Members
	if !r.Formed() {
		members = k.Members()
	}
	h := text.Hand{Side: by.Side(), Agreed: r.Texts.Met}
	for _, p := range t.Parties {
		for _, m := range members {
			if m == seat.PartyGroup(p.Key) {
				h.Parties = append(h.Parties, p.Key)
			}
		}
	}
	return h
}

// TextChangedInRoom is a change of a text of the room.
type TextChangedInRoom talks.TextChanged

func (e TextChangedInRoom) apply(r *Room, on talks.Entered) {
	if r.Texts == nil {
		r.Texts = talks.Texts{}
	}
	r.Texts.Apply(talks.TextChanged(e), on)
}

// Phrase says the change to those in the room.
func (e TextChangedInRoom) Phrase() phrasebook.Phrase { return talks.TextChanged(e).Phrase() }
