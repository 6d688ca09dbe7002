package room

import (
	"parley/internal/phrasebook"
	"parley/internal/seat"
	"parley/internal/talks"
)

// AttachInRoom puts a paper before those in a room (rule 45).
type AttachInRoom struct {
	In string
	talks.Attachment
}

// Room is the one that is addressed.
func (a AttachInRoom) Room(by seat.Seat) Key { return address(a.In, by) }

func (a AttachInRoom) decide(r *Room, t *Table, by seat.Seat, at talks.Moment) ([]talks.Event, error) {
	if err := there(r, a.Room(by), t); err != nil {
		return nil, err
	}
	paper, err := a.Attachment.Paper(by, at)
	if err != nil {
		return nil, err
	}
	return []talks.Event{PaperAttachedInRoom(paper)}, nil
}

// PaperAttachedInRoom is a paper before those in a room.
type PaperAttachedInRoom talks.PaperAttached

func (e PaperAttachedInRoom) apply(r *Room, on talks.Entered) {
	r.Papers = append(r.Papers, talks.PaperAttached(e).Filed(on.Number))
}

// Phrase says it to those in the room.
func (e PaperAttachedInRoom) Phrase() phrasebook.Phrase { return talks.PaperAttached(e).Phrase() }
