package secretariat

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/internal/catalogue"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/talks"
)

// A file is what the desk knows of one talks: its records, folded. The lock is
// held for writing from ruling to entry, so that no act is ruled on against
// talks that have since moved on, and nobody sees state that is not durable.
type file struct {
	desk *Desk
	id   string

	mu     sync.RWMutex
	loaded bool
	talks  *talks.Talks
	public *talks.Public
	rooms  map[string]*room.Room // by key
	books  map[record.Name]*book
	last   time.Time      // of the latest entry in any record
	zone   *time.Location // of the talks

	forming int // rooms that the act being ruled on forms
	waiting queue
}

// A book is one record as the desk keeps it: its head, the authors' chains, and
// its latest entries as they were decoded.
type book struct {
	name    record.Name
	room    *room.Room // nil for the joint and the public record
	head    record.Head
	authors map[string]record.Author
	tail    []*Seen // the last entries, in order; the first is entry head.Size-len(tail)+1
}

// tailLength is how many entries of each record are kept decoded, at least.
// Twice as many are held before the older half is let go.
const tailLength = 1024

func (b *book) keep(s *Seen) {
	b.tail = append(b.tail, s)
	if len(b.tail) > 2*tailLength {
		b.tail = slices.Clone(b.tail[len(b.tail)-tailLength:])
	}
}

// load folds the records of the talks if that has not been done, or has been
// undone. Every entry is checked on the way, and the heads' signatures at the end.
func (f *file) load(ctx context.Context) error {
	f.mu.RLock()
	loaded := f.loaded
	f.mu.RUnlock()
	if loaded {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reload(ctx)
}

// reading locks the file for reading, folded up to what is durable. A pass that
// failed, or destroyed words, leaves it to be folded anew, and whoever waited for
// that pass to end must not see what it left. The caller unlocks, unless there is
// an error.
func (f *file) reading(ctx context.Context) error {
	for {
		if err := f.load(ctx); err != nil {
			return f.desk.told(err)
		}
		f.mu.RLock()
		if f.loaded {
			return nil
		}
		f.mu.RUnlock()
	}
}

// reload is load with the lock held. A record over which folding panics is one
// that cannot be read; the house goes on.
func (f *file) reload(ctx context.Context) (err error) {
	if f.loaded {
		return nil
	}
	defer func() {
		if why := recover(); why != nil {
			err = fmt.Errorf("folding %s: %v\n%s", f.id, why, debug.Stack())
		}
	}()
	f.talks, f.public = new(talks.Talks), new(talks.Public)
	f.rooms, f.books = map[string]*room.Room{}, map[record.Name]*book{}
	f.last, f.zone = time.Time{}, time.UTC
	names, err := f.desk.log.Names(ctx, f.id+"/")
	if err != nil {
		return err
	}
	// The joint record comes first: the others speak of its seats.
	joint := record.JointName(f.id)
	slices.SortStableFunc(names, func(a, b record.Name) int {
		return btoi(b == joint) - btoi(a == joint)
	})
	for _, name := range names {
		if err := f.fold(ctx, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	f.loaded = true
	return nil
}

// empty reports whether nothing is stored of the talks. A file that somebody is
// at work on is not empty.
func (f *file) empty() bool {
	if !f.mu.TryRLock() {
		return false
	}
	defer f.mu.RUnlock()
	return f.loaded && len(f.books) == 0
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fold reads one record from its beginning, checks it and applies it.
func (f *file) fold(ctx context.Context, name record.Name) error {
	head, err := f.desk.log.Head(ctx, name)
	if err != nil {
		return err
	}
	b := f.book(name)
	check := record.NewChecker(name)
	var wordless []int64
	for e, err := range f.desk.log.Read(ctx, name, 0) {
		if err != nil {
			return err
		}
		if e.Number > head.Size {
			break // entered since the head was read
		}
		if err := check.Add(e); err != nil {
			return err
		}
		s, err := decode(name, e)
		if err != nil {
			return &record.FalseEntry{Record: name, Number: e.Number, Why: "cannot be read", Err: err}
		}
		if e.Content != nil && e.Content.Words == nil {
			wordless = append(wordless, e.Number)
		}
		f.apply(b, s)
		b.keep(s)
	}
	if err := check.Done(head, f.desk.sign.Verifier()); err != nil {
		return err
	}
	for _, number := range wordless {
		if b.room != nil || !f.talks.Destroyed(number) {
			return &record.FalseEntry{Record: name, Number: number, Why: "has lost its words, and nobody decided that"}
		}
	}
	b.head, b.authors = head, check.Authors()
	if head.Last.After(f.last) {
		f.last = head.Last
	}
	return nil
}

// book returns the book of a record, opening an empty one.
func (f *file) book(name record.Name) *book {
	b := f.books[name]
	if b == nil {
		b = &book{name: name, authors: map[string]record.Author{}}
		if name != record.JointName(f.id) && name != record.PublicName(f.id) {
			b.room = new(room.Room)
		}
		f.books[name] = b
	}
	return b
}

// apply brings the state up to date with one entry.
func (f *file) apply(b *book, s *Seen) {
	if s.Event == nil {
		return
	}
	on := talks.Entered{Number: s.Number, Seat: seat.Key(s.Seat), At: talks.At(s.Time, f.talks.Zone)}
	switch {
	case b.room != nil:
		b.room.Apply(s.Event, on)
		f.rooms[b.room.Key.String()] = b.room
	case talks.IsPublic(s.Event):
		f.public.Apply(s.Event)
	default:
		f.talks.Apply(s.Event, on)
		if f.zone.String() != f.talks.Zone {
			f.setZone()
		}
	}
}

// setZone loads the talks' zone. It was known when the talks were convened; if
// it no longer is, the talks are told in UTC rather than not at all.
func (f *file) setZone() {
	zone, err := time.LoadLocation(f.talks.Zone)
	if err != nil {
		zone = time.UTC
	}
	f.zone = zone
}

// roomOf returns the room of a key, which may not have been formed, and the
// name of its record if it has.
func (f *file) roomOf(k room.Key) (*room.Room, record.Name, bool) {
	for name, b := range f.books {
		if b.room != nil && b.room.Key.String() == k.String() {
			return b.room, name, true
		}
	}
	return &room.Room{Key: k}, "", false
}

// seat returns where the caller sits.
func (f *file) seat(who Caller) (seat.Seat, bool) {
	if who.clock {
		return seat.Seat{Key: "secretariat", Role: seat.Secretariat}, true
	}
	if who.Person == "" {
		return seat.Seat{}, false
	}
	if s, ok := f.talks.SeatOf(who.Person); ok {
		return s, true
	}
	for _, r := range f.rooms {
		for _, s := range r.Capital {
			if s.Person == who.Person {
				return s, true
			}
		}
	}
	if !f.talks.Open() && who.Convenes == f.id {
		return seat.Seat{Key: "convener", Person: who.Person, Role: seat.Convener}, true
	}
	return seat.Seat{}, false
}

// decode reads what an entry says.
func decode(name record.Name, e record.Entry) (*Seen, error) {
	s := &Seen{Record: name, Number: e.Number, Leaf: e.Leaf, Content: e.Content}
	if e.Content == nil {
		return s, nil
	}
	envelope, err := catalogue.Unfold(e.Content.Structure.Bytes)
	if err != nil {
		return nil, err
	}
	var words []byte
	if e.Content.Words != nil {
		words = e.Content.Words.Bytes
	}
	event, err := Events.Take(envelope.Name, envelope.Structure, words)
	if err != nil {
		return nil, err
	}
	s.Seat, _, _ = strings.Cut(e.Content.Header.Seat, "@") // see chained
	s.Time = e.Content.Header.Time
	s.Name, s.Audience, s.Marks, s.Event = envelope.Name, envelope.Audience, envelope.Marks, event.(talks.Event)
	return s, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
