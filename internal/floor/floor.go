// Package floor is the speakers' list and the order in which it is called.
//
// It owns who waits, who speaks and for how long; it does not know who may ask
// or who may give the floor, which talks decides. It is pure.
package floor

import (
	"slices"
	"time"
)

// A Place is a side's place on the list. A side stands on it once for a
// statement and once for a reply.
type Place struct {
	Side  string
	Seat  string // who asked
	Asked time.Time
	Reply bool
}

// A Turn is who has the floor.
type Turn struct {
	Side  string
	Seat  string
	Since time.Time
	Reply bool
	Limit time.Duration // 0 if none
	Over  bool          // the limit has been noted
}

// A List is the speakers' list of one meeting. The zero value is empty.
type List struct {
	Waiting []Place
	Turn    *Turn
	Limit   time.Duration // for turns to come; 0 if none
}

// Has reports whether the side waits for a statement, or for a reply.
func (l *List) Has(side string, reply bool) bool {
	return slices.ContainsFunc(l.Waiting, func(p Place) bool { return p.Side == side && p.Reply == reply })
}

// Ask puts a place at the end of the list. Order is the order of asking,
// replies included.
func (l *List) Ask(p Place) { l.Waiting = append(l.Waiting, p) }

// Next returns whose turn it is by the order of the list.
func (l *List) Next() (Place, bool) {
	if len(l.Waiting) == 0 {
		return Place{}, false
	}
	return l.Waiting[0], true
}

// Of returns the first place of a side.
func (l *List) Of(side string) (Place, bool) {
	i := slices.IndexFunc(l.Waiting, func(p Place) bool { return p.Side == side })
	if i < 0 {
		return Place{}, false
	}
	return l.Waiting[i], true
}

// Give gives the floor and takes the place that it answers off the list.
func (l *List) Give(t Turn) {
	if i := slices.IndexFunc(l.Waiting, func(p Place) bool { return p.Side == t.Side && p.Reply == t.Reply }); i >= 0 {
		l.Waiting = slices.Delete(slices.Clone(l.Waiting), i, i+1)
	}
	t.Limit = l.Limit
	l.Turn = &t
}

// Yield ends the turn and returns how long it lasted at that instant.
func (l *List) Yield(at time.Time) time.Duration {
	if l.Turn == nil {
		return 0
	}
	d := max(0, at.Sub(l.Turn.Since))
	l.Turn = nil
	return d
}

// Due returns when the present turn reaches its limit; ok is false if it has
// none or the limit has been noted.
func (l *List) Due() (at time.Time, ok bool) {
	if l.Turn == nil || l.Turn.Limit == 0 || l.Turn.Over {
		return time.Time{}, false
	}
	return l.Turn.Since.Add(l.Turn.Limit), true
}
