// Package secretariat is the one door to the talks.
//
// Everything that anybody does passes over its desk: an act is ruled on by the
// talks or by a room, what follows is entered in the records, durably, and then
// the bell is rung. Pages, API, command line, plays and rehearsals have no
// other way in, and no other way to read: what is not for the reader's eyes is
// withheld here, by one rule (reading.go), from the audience that was fixed
// when the thing was said.
//
// The desk owns the order of acts within talks, the folding of records into
// state, request ids, anchors, and the clock that lets deadlines fall. It
// decides nothing about a negotiation, and stores nothing itself.
package secretariat

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"time"

	"parley/internal/bell"
	"parley/internal/catalogue"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// The catalogue of the house: all there is to do, and all that can happen.
var (
	Acts   = catalogue.Join(talks.Acts, room.Acts)
	Events = catalogue.Join(talks.Events, room.Events)
)

// A Desk takes in acts and gives out records. Make one with New.
type Desk struct {
	log    record.Log
	sign   record.Signer
	chance record.Chance
	now    func() time.Time
	fault  func(error)
	pad    bool
	gate   turnstile
	bell   bell.Bell

	mu     sync.Mutex
	files  map[string]*file // by talks
	absent int              // files made since those of no talks were let go
}

// House is what a desk works with.
type House struct {
	Log    record.Log
	Signer record.Signer
	// Chance seeds everything random in the records. Draw it afresh at every
	// start and keep it nowhere; see [record.Chance].
	Chance record.Chance
	Now    func() time.Time
	Fault  func(error) // told, in full, what is our own fault; nil to drop it
	Quota  Quota       // of each person; zero for none
	// PadAnchors makes every anchor of chance alone, as if there were no rooms.
	// It is for tests that compare two worlds in which private rooms differ:
	// anchors, which must differ then, would hide whether anything else does.
	PadAnchors bool
}

// New returns a desk for a house.
func New(h House) *Desk {
	if h.Fault == nil {
		h.Fault = func(error) {}
	}
	return &Desk{log: h.Log, sign: h.Signer, chance: h.Chance, now: h.Now, fault: h.Fault, pad: h.PadAnchors, gate: turnstile{Quota: h.Quota}, files: map[string]*file{}}
}

// A Caller is whoever comes to the desk. Access has said who they are; where
// they sit, the talks say.
type Caller struct {
	Person   seat.Person
	Convenes string // id of the talks that their first link lets them convene
	Console  bool   // typed against the data directory by the operator
	clock    bool   // the secretariat's own clock
}

var talksID = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// ValidID reports whether talks can have that id.
func ValidID(id string) bool { return talksID.MatchString(id) }

// Verifier is the public half of the house's key.
func (d *Desk) Verifier() record.Verifier { return d.sign.Verifier() }

// Now is the desk's clock.
func (d *Desk) Now() time.Time { return d.now() }

// file returns the desk's file of talks, folded up to what is stored. That
// there are none is no error here.
func (d *Desk) file(ctx context.Context, id string) (*file, error) {
	if !ValidID(id) {
		return nil, ruling.Nothing()
	}
	d.mu.Lock()
	f := d.files[id]
	if f == nil {
		d.tidy()
		f = &file{desk: d, id: id}
		d.files[id] = f
	}
	d.mu.Unlock()
	if err := f.load(ctx); err != nil {
		return nil, d.told(err)
	}
	return f, nil
}

// mostEmpty is for how many talks that do not exist a file is kept: anybody may
// ask for any id.
const mostEmpty = 1024

// tidy lets go of the files of talks that do not exist, once there are too many.
// A file that is let go while talks are convened in it does no harm: the store
// refuses what is stale, and whoever asks next folds what is stored. The desk's
// lock is held.
func (d *Desk) tidy() {
	if d.absent++; d.absent <= mostEmpty {
		return
	}
	d.absent = 0
	for id, f := range d.files {
		if f.empty() {
			delete(d.files, id)
		}
	}
}

// told turns an error of a store or a record into what the person is told, and
// tells the operator the rest.
func (d *Desk) told(err error) error {
	var no *ruling.Refusal
	var false_ *record.FalseEntry
	switch {
	case err == nil || errors.As(err, &no):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, record.ErrFull):
		d.fault(err)
		return ruling.No(ruling.Fault, 0, "store-full")
	case errors.As(err, &false_):
		d.fault(err)
		return ruling.No(ruling.Fault, 0, "record-false", "Why", "entry "+itoa(false_.Number))
	}
	d.fault(err)
	return err
}

// Talks returns the ids of the talks in which the caller has a seat, in order.
func (d *Desk) Talks(ctx context.Context, who Caller) ([]string, error) {
	return d.those(ctx, func(f *file) bool {
		_, seated := f.seat(who)
		return seated && f.talks.Open()
	})
}

// Announced returns the ids of the talks that the public knows of, in order.
func (d *Desk) Announced(ctx context.Context) ([]string, error) {
	return d.those(ctx, func(f *file) bool { return f.public.Open() })
}

// those returns the ids of the talks that meet a condition. It opens all talks
// of the house, which a house of hundreds can bear; the docket is for more.
func (d *Desk) those(ctx context.Context, is func(*file) bool) (ids []string, err error) {
	all, err := d.all(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range all {
		f, err := d.file(ctx, id)
		if err == nil {
			err = f.reading(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			continue // these talks cannot be read, and the operator has been told; the others can
		}
		if is(f) {
			ids = append(ids, id)
		}
		f.mu.RUnlock()
	}
	return ids, nil
}

// all returns the ids of all talks that have a joint record, in order.
func (d *Desk) all(ctx context.Context) (ids []string, err error) {
	names, err := d.log.Names(ctx, "")
	if err != nil {
		return nil, d.told(err)
	}
	for _, n := range names {
		if n == record.JointName(n.Talks()) {
			ids = append(ids, n.Talks())
		}
	}
	return ids, nil
}
