package secretariat

import (
	"context"

	"parley/internal/record"
	"parley/internal/room"
)

// RoomRecord returns the name of the record of a room; ok is false if the room
// has not been formed, or is not one that the caller is in.
func (d *Desk) RoomRecord(ctx context.Context, id string, who Caller, key room.Key) (name record.Name, ok bool, err error) {
	f, err := d.file(ctx, id)
	if err != nil {
		return "", false, err
	}
	if err := f.reading(ctx); err != nil {
		return "", false, err
	}
	defer f.mu.RUnlock()
	_, name, formed := f.roomOf(key)
	if !formed {
		return "", false, nil
	}
	s, seated := f.seat(who)
	return name, f.mayOpen(f.books[name], s, seated), nil
}
