package secretariat

import (
	"context"
	"iter"
	"slices"
	"time"

	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// Seen is an entry as one reader may see it. To a reader it is not for, it is
// its number and its leaf, and nothing else. It is shared; nobody changes it.
type Seen struct {
	Record   record.Name
	Number   int64
	Leaf     record.Hash
	Content  *record.Content // nil if withheld
	Name     string          // of the event
	Seat     string          // key of the author's seat
	Time     time.Time       // UTC, when it was entered
	Audience []string
	Marks    []string
	Event    talks.Event // nil if withheld
}

// Withheld reports whether the entry is not for its reader.
func (s *Seen) Withheld() bool { return s.Content == nil }

// withhold is what is left of an entry for a reader it is not for.
func (s *Seen) withhold() *Seen { return &Seen{Record: s.Record, Number: s.Number, Leaf: s.Leaf} }

// hears is the one rule of reading: an entry is for a reader if one of the
// groups it was said to is one that the reader hears with.
func hears(groups, audience []string) bool {
	for _, g := range audience {
		if slices.Contains(groups, g) {
			return true
		}
	}
	return false
}

// mayOpen reports whether a reader may know that a record exists: the public
// one once the talks are announced, the joint one at the table, a room's in
// the room.
func (f *file) mayOpen(b *book, s seat.Seat, seated bool) bool {
	switch {
	case b.head.Size == 0:
		return false
	case b.room != nil:
		return seated && hears(s.Groups(), b.room.Members)
	case b.name == record.PublicName(f.id):
		return true
	}
	return seated && atTable(s)
}

// atTable reports whether a seat is one at the table, which hosting and keeping
// the software running are not.
func atTable(s seat.Seat) bool {
	return s.Role != seat.Host && s.Role != seat.Secretariat && s.Role != seat.Convener
}

// open returns the book of a record if the reader may know of it, with the
// groups the reader hears with. The file's lock is held.
func (f *file) open(who Caller, name record.Name) (*book, []string, error) {
	b := f.books[name]
	s, seated := f.seat(who)
	if b == nil || !f.mayOpen(b, s, seated) {
		return nil, nil, ruling.Nothing()
	}
	if !seated {
		return b, []string{seat.Public}, nil
	}
	return b, s.Groups(), nil
}

// Read yields the entries of a record that follow number after, as the caller
// may see them, up to where the record ended when reading began.
func (d *Desk) Read(ctx context.Context, id string, who Caller, name record.Name, after int64) iter.Seq2[*Seen, error] {
	return func(yield func(*Seen, error) bool) {
		f, err := d.file(ctx, id)
		if err != nil {
			yield(nil, err)
			return
		}
		if err := f.reading(ctx); err != nil {
			yield(nil, err)
			return
		}
		b, groups, err := f.open(who, name)
		var tail []*Seen
		var size int64
		if err == nil {
			tail, size = b.tail, b.head.Size
		}
		f.mu.RUnlock()
		if err != nil {
			yield(nil, err)
			return
		}
		show := func(s *Seen) bool {
			if !hears(groups, s.Audience) {
				s = s.withhold()
			}
			return yield(s, nil)
		}
		kept := size - int64(len(tail)) // entries before the tail
		if after < kept && !d.readStored(ctx, name, after, kept, show, yield) {
			return
		}
		for _, s := range tail[min(max(0, after-kept), int64(len(tail))):] {
			if !show(s) {
				return
			}
		}
	}
}

// readStored shows stored entries from after to upto. It reports whether to go on.
func (d *Desk) readStored(ctx context.Context, name record.Name, after, upto int64, show func(*Seen) bool, yield func(*Seen, error) bool) bool {
	for e, err := range d.log.Read(ctx, name, after) {
		if err == nil && e.Number > upto {
			return true
		}
		var s *Seen
		if err == nil {
			s, err = decode(name, e)
		}
		if err != nil {
			yield(nil, d.told(err))
			return false
		}
		if !show(s) {
			return false
		}
		if e.Number == upto {
			return true
		}
	}
	return true
}

// Records returns the names of the records of talks that the caller may open:
// the joint record first, then the public one, then rooms in order of name.
func (d *Desk) Records(ctx context.Context, id string, who Caller) (names []record.Name, err error) {
	f, err := d.file(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := f.reading(ctx); err != nil {
		return nil, err
	}
	defer f.mu.RUnlock()
	s, seated := f.seat(who)
	for name, b := range f.books {
		if f.mayOpen(b, s, seated) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b record.Name) int { return f.rank(a, b) })
	if len(names) == 0 {
		return nil, ruling.Nothing()
	}
	return names, nil
}

func (f *file) rank(a, b record.Name) int {
	for _, first := range []record.Name{record.JointName(f.id), record.PublicName(f.id)} {
		if a == first || b == first {
			return btoi(b == first) - btoi(a == first)
		}
	}
	if a < b {
		return -1
	}
	return btoi(a != b)
}

// A Sight is what a caller may look at of the folded state. Talks is nil for
// whoever is not at the table, Public is never nil.
type Sight struct {
	ID     string
	Seat   seat.Seat // zero if the caller has none
	Seated bool
	Talks  *talks.Talks
	Public *talks.Public
	Rooms  []*room.Room // those that the caller is in, in order of key
	Heads  map[record.Name]record.Head
	Now    talks.Moment
	Zone   *time.Location
}

// Look shows the state to the caller while look runs; nothing is entered
// meanwhile, so look should be quick, and must keep nothing of what it is shown.
// Whoever may see nothing at all gets the answer of talks that do not exist.
func (d *Desk) Look(ctx context.Context, id string, who Caller, look func(Sight) error) error {
	f, err := d.file(ctx, id)
	if err != nil {
		return err
	}
	if err := f.reading(ctx); err != nil {
		return err
	}
	defer f.mu.RUnlock()
	s, seated := f.seat(who)
	if !seated && !f.public.Open() {
		return ruling.Nothing()
	}
	view := Sight{ID: id, Seat: s, Seated: seated, Public: f.public, Heads: map[record.Name]record.Head{}, Now: f.moment(d.now()), Zone: f.zone}
	if !seated || !atTable(s) {
		view.Now, view.Zone = publicMoment(f.public, d.now())
	}
	if seated && (atTable(s) || s.Role == seat.Convener) {
		view.Talks = f.talks
	}
	for name, b := range f.books {
		if f.mayOpen(b, s, seated) {
			view.Heads[name] = b.head
			if b.room != nil {
				view.Rooms = append(view.Rooms, b.room)
			}
		}
	}
	slices.SortFunc(view.Rooms, func(a, b *room.Room) int {
		if a.Key.String() < b.Key.String() {
			return -1
		}
		return 1
	})
	return look(view)
}

// publicMoment tells the time in the zone that was announced.
func publicMoment(p *talks.Public, now time.Time) (talks.Moment, *time.Location) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	return talks.At(now.In(zone), p.Zone), zone
}

// Watch returns a channel that rings when there may be something new for the
// caller to read, and a function to stop. A ring says nothing else, and comes
// only for entries that are for one of the caller's groups.
func (d *Desk) Watch(ctx context.Context, id string, who Caller) (<-chan struct{}, func(), error) {
	f, err := d.file(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := f.reading(ctx); err != nil {
		return nil, nil, err
	}
	s, seated := f.seat(who)
	public := f.public.Open()
	f.mu.RUnlock()
	if !seated && !public {
		return nil, nil, ruling.Nothing()
	}
	groups := []string{seat.Public}
	if seated {
		groups = s.Groups()
	}
	bells := make([]string, len(groups))
	for i, g := range groups {
		bells[i] = id + " " + g
	}
	ring, stop := d.bell.Listen(bells...)
	return ring, stop, nil
}

// ring rings for every group that one of the entries is for.
func (d *Desk) ring(id string, entries []*Seen) {
	rung := map[string]bool{}
	for _, s := range entries {
		for _, g := range s.Audience {
			if !rung[g] {
				rung[g] = true
				d.bell.Ring(id + " " + g)
			}
		}
	}
}

// Prove returns the receipt of an entry at the record's present head. It says
// no more than the leaf does, so whoever may open the record may have it.
func (d *Desk) Prove(ctx context.Context, id string, who Caller, name record.Name, number int64) (record.Receipt, error) {
	f, err := d.file(ctx, id)
	if err != nil {
		return record.Receipt{}, err
	}
	if err := f.reading(ctx); err != nil {
		return record.Receipt{}, err
	}
	b, _, err := f.open(who, name)
	var size int64
	if err == nil {
		size = b.head.Size
	}
	f.mu.RUnlock()
	if err != nil {
		return record.Receipt{}, err
	}
	if number < 1 || number > size {
		return record.Receipt{}, ruling.Nothing()
	}
	r, err := record.ProveEntry(ctx, d.log, name, number, size)
	return r, d.told(err)
}
