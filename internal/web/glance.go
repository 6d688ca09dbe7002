package web

import (
	"net/http"
	"slices"
	"time"

	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
)

// A glance is what one reader sees of the whole of the talks at once, with the
// voice to tell of it: what board, calendar, briefing and seating are made from.
// It takes from the table what was said to the reader, and from rooms only those
// that the reader is in.
type glance struct {
	*voice
	secretariat.Sight
	admission
}

// glance looks at the talks for a page. Whoever was admitted later is told
// nothing of the matters that were entered before, as on the record.
func (h *house) glance(r *http.Request, v visit, look func(glance) error) error {
	admitted, err := h.admission(r, v)
	if err != nil {
		return err
	}
	return h.seated(r, v, func(s secretariat.Sight) error { return look(glance{h.voiceAt(s), s, admitted}) })
}

// all reports whether the reader has heard everything from the beginning.
func (g glance) all() bool { return g.from <= 1 }

// ours reports whether a side is the reader's.
func (g glance) ours(side string) bool {
	return side == g.Seat.Side() || side == seat.ChairGroup && g.Seat.Chair || side == seat.Mediation && ofMediation(g.Seat)
}

// in is the room of a kind that the reader is in, empty if there is none.
func (g glance) in(kind room.Kind) *room.Room {
	for _, r := range g.Rooms {
		if r.Key.Kind == kind {
			return r
		}
	}
	return &room.Room{}
}

// told tells a moment on one line, with its day unless it is today.
func (g glance) told(m talks.Moment) string {
	said := g.oclock(m.Time.In(g.Zone), g.Now.Time)
	if m.Approximate {
		said = g.say("page.about", "At", said)
	}
	return said
}

// days counts the nights between two instants, in the zone of the talks.
func (g glance) days(from, to time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(g.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(to).Sub(midnight(from)) / (24 * time.Hour))
}

// without lists the parties that are not in a map of those that have done something.
func (g glance) without(done func(seat.Party) bool) (sides []string) {
	for _, p := range g.Talks.Parties {
		if !done(p.Key) {
			sides = append(sides, string(p.Key))
		}
	}
	return sides
}

// parties are all of them, as sides.
func (g glance) parties() []string {
	return g.without(func(seat.Party) bool { return false })
}

// ourFirst puts what waits for the reader's own side before the rest.
func (g glance) ourFirst(list []matter) (ours, others []matter) {
	for _, m := range list {
		if slices.ContainsFunc(m.By, g.ours) {
			ours = append(ours, m)
		} else {
			others = append(others, m)
		}
	}
	return ours, others
}
