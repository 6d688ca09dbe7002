package secretariat

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/talks"
)

// slack is how far the clock may step back before acts are refused. Machines
// that keep time over the network step by less.
const slack = 5 * time.Second

// time returns the moment of an act: the desk's clock, in the zone of the
// talks, and never before the last entry.
func (f *file) time() (talks.Moment, error) {
	now := f.desk.now()
	if back := f.last.Sub(now); back > slack {
		return talks.Moment{}, ruling.No(ruling.OutOfOrder, 52, "clock-back", "Time", phrasebook.Time{At: f.last.In(f.zone), Zone: f.talks.Zone})
	} else if back > 0 {
		now = f.last
	}
	return f.moment(now), nil
}

func (f *file) moment(at time.Time) talks.Moment {
	zone := f.talks.Zone
	if zone == "" {
		zone = "UTC"
	}
	return talks.At(at.In(f.zone).Truncate(time.Microsecond), zone)
}

// form chooses name and anchor key of a new room by chance, so that neither says
// how many rooms there are.
func (f *file) form(key room.Key) (record.Name, room.Formation, error) {
	if len(slices.Collect(f.formed()))+f.forming >= talks.Anchors {
		return "", room.Formation{}, ruling.No(ruling.OutOfOrder, 44, "too-many-rooms")
	}
	f.forming++
	joint := record.JointName(f.id)
	id := f.desk.chance.Draw(joint, 0, "room "+key.String())
	anchor := f.desk.chance.Draw(joint, 0, "anchor key "+key.String())
	return record.RoomName(f.id, [16]byte(id[:16])), room.Formation{AnchorKey: anchor[:]}, nil
}

func (f *file) formed() func(yield func(*room.Room) bool) {
	return func(yield func(*room.Room) bool) {
		for _, r := range f.rooms {
			if r.Formed() && !yield(r) {
				return
			}
		}
	}
}

// anchors makes the anchor entry that closes an act: for every room a fresh
// salted commitment to the head its record had before this pass, the rest
// padding that looks the same. Which value is which room's is shuffled every
// time: those in a room find theirs by making it, and learn of no other.
func (p *pass) anchors(at talks.Moment) destined {
	f := p.f
	joint := record.JointName(f.id)
	number := f.book(joint).head.Size // with the pass's own drafts it is fresh in every pass
	if w := p.pens[joint]; w != nil {
		number += int64(len(w.drafts))
	}
	values := make([][]byte, 0, talks.Anchors)
	for _, name := range slices.Sorted(maps.Keys(f.books)) {
		b := f.books[name]
		if b.room == nil || b.head.Size == 0 || f.desk.pad {
			continue
		}
		value := record.AnchorValue(AnchorSalt(b.room.AnchorKey, number), f.desk.sign.Verifier().Origin(name), b.head)
		values = append(values, value[:])
	}
	for len(values) < talks.Anchors {
		pad := f.desk.chance.Draw(joint, number, "anchor pad "+itoa(int64(len(values))))
		values = append(values, pad[:])
	}
	order := rand.New(rand.NewChaCha8(f.desk.chance.Draw(joint, number, "anchor order")))
	order.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	return destined{record: joint, event: talks.AnchorsEntered{At: at.Time, Values: values, After: number}, author: "secretariat"}
}

// AnchorSalt derives the salt of a room's anchor from the room's anchor key and
// the number that the anchor entry gives. Those in the room can, nobody else.
func AnchorSalt(anchorKey []byte, after int64) [32]byte {
	var key record.Chance
	copy(key[:], anchorKey)
	return key.Draw("anchor", after, "salt")
}

// Tick submits what time has brought about in all talks that are open at the
// desk. Run calls it; a test may. Talks that fail do not hold up the others.
func (d *Desk) Tick(ctx context.Context) (err error) {
	d.mu.Lock()
	files := make([]*file, 0, len(d.files))
	for _, f := range d.files {
		files = append(files, f)
	}
	d.mu.Unlock()
	for _, f := range files {
		err = errors.Join(err, f.tick(ctx))
	}
	return err
}

func (f *file) tick(ctx context.Context) error {
	if err := f.reading(ctx); err != nil {
		return err
	}
	at := f.moment(f.desk.now())
	var acts []any
	for _, a := range f.talks.Due(at.Time) {
		acts = append(acts, a)
	}
	if mediation, _, formed := f.roomOf(room.Key{Kind: room.Mediation}); formed && f.talks.Closed == nil {
		for _, a := range mediation.Due(at.Time) {
			acts = append(acts, a)
		}
	}
	f.mu.RUnlock()
	for _, a := range acts {
		if _, err := f.desk.Submit(ctx, f.id, Caller{clock: true}, Submission{Act: a}); err != nil {
			if ruling.Of(err).Kind == ruling.Fault {
				return err
			} // else another replica was first, or the clock stands behind
		}
	}
	return nil
}

// Run lets deadlines fall, every second, in all talks of the house, until the
// context ends.
func (d *Desk) Run(ctx context.Context) error {
	ids, err := d.all(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := d.file(ctx, id); err != nil {
			d.fault(err) // that talks is not served; the others are
		}
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := d.Tick(ctx); err != nil {
				d.fault(err)
			}
		}
	}
}
