package secretariat

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"runtime/debug"
	"sync"
	"time"

	"parley/internal/catalogue"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/talks"
)

// A Submission is an act that somebody submits. Made twice with the same
// request id by the same seat it has one effect and one answer.
type Submission struct {
	Act     any    // of the catalogue
	Request string // chosen by the sender; empty for none
}

// An Answer is what came of a submission: the entries that followed from it, as
// the sender may see them, each with the proof that it is in the record. When it
// is given, they are durable.
type Answer struct {
	Entries  []*Seen
	Receipts []record.Receipt // of Entries, in the same order
	Repeated bool             // the first answer again
}

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Submit has an act ruled on and, if it is in order, entered.
func (d *Desk) Submit(ctx context.Context, id string, who Caller, s Submission) (Answer, error) {
	if s.Request != "" && !requestID.MatchString(s.Request) {
		return Answer{}, ruling.No(ruling.Invalid, 50, "request-id", "Given", s.Request)
	}
	if c, ok := s.Act.(talks.Convene); ok {
		if !ValidID(id) {
			return Answer{}, ruling.No(ruling.Invalid, 1, "talks-id", "Given", id)
		}
		if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
			return Answer{}, ruling.No(ruling.Invalid, 1, "no-such-zone", "Given", c.Zone)
		}
	}
	f, err := d.file(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	if err := d.gate.pass(who, d.now()); err != nil {
		return Answer{}, err
	}
	j := &job{ctx: ctx, who: who, Submission: s, done: make(chan struct{})}
	f.waiting.put(f, j)
	select {
	case <-j.done:
		if _, ok := s.Act.(talks.Convene); ok && j.err == nil {
			d.mu.Lock()
			d.files[id] = f // it may have been let go while it was empty
			d.mu.Unlock()
		}
		return j.answer, j.err
	case <-ctx.Done():
		return Answer{}, ctx.Err() // it may be entered all the same; a request id tells
	}
}

// A job is a submission on its way. answer and err are there once done is closed.
type job struct {
	Submission
	ctx    context.Context
	who    Caller
	done   chan struct{}
	answer Answer
	err    error
}

// A queue lets one goroutine at a time work on a file, on as many submissions
// at once as have come in, so that they share a transaction and its flush. Each
// person stands in a line of their own, and the lines are served in turn, so
// that whoever submits much waits behind themselves and not before others.
type queue struct {
	mu    sync.Mutex
	lines map[seat.Person][]*job
	turn  []seat.Person // whose lines are not empty, in the order in which they are served
	busy  bool
}

// most is how many submissions share a transaction.
const most = 128

func (q *queue) put(f *file, j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lines == nil {
		q.lines = map[seat.Person][]*job{}
	}
	if len(q.lines[j.who.Person]) == 0 {
		q.turn = append(q.turn, j.who.Person)
	}
	q.lines[j.who.Person] = append(q.lines[j.who.Person], j)
	if !q.busy {
		q.busy = true
		go q.drain(f)
	}
}

// next takes the submissions of the next transaction, one from each line in
// turn. If there are none, the queue is no longer busy.
func (q *queue) next() (batch []*job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(batch) < most && len(q.turn) > 0 {
		who := q.turn[0]
		q.turn = q.turn[1:]
		line := q.lines[who]
		batch = append(batch, line[0])
		if len(line) > 1 {
			q.lines[who] = line[1:]
			q.turn = append(q.turn, who)
		} else {
			delete(q.lines, who)
		}
	}
	q.busy = len(batch) > 0
	return batch
}

func (q *queue) drain(f *file) {
	for {
		batch := q.next()
		if len(batch) == 0 {
			return
		}
		f.enter(batch)
		for _, j := range batch {
			close(j.done)
		}
	}
}

// tries is how often a batch is ruled on anew because another replica, or an
// outcome that is not known, came between.
const tries = 4

// enter rules on a batch and enters what follows from it.
func (f *file) enter(batch []*job) {
	// The batch outlives the request of any one sender.
	ctx := context.WithoutCancel(batch[0].ctx)
	var err error
	for range tries {
		var p *pass
		if p, err = f.try(ctx, batch); err == nil {
			f.desk.ring(f.id, p.entered)
			p.settle(ctx)
			return
		}
		if !errors.Is(err, record.ErrStale) && !errors.Is(err, record.ErrRepeated) && !errors.Is(err, record.ErrUnknownOutcome) {
			break
		}
	}
	if errors.Is(err, record.ErrStale) || errors.Is(err, record.ErrRepeated) {
		err = ruling.No(ruling.Stale, 50, "stale")
	}
	for _, j := range batch {
		j.answer, j.err = Answer{}, f.desk.told(err)
	}
}

// A pass is one attempt at a batch: what each submission leads to, and the
// transaction that makes it so.
type pass struct {
	f        *file
	pens     map[record.Name]*pen
	requests map[record.Hash]*outcome // of this pass
	outcomes []*outcome
	entered  []*Seen
	destroy  []record.Place
}

// A pen writes one record in one pass.
type pen struct {
	book   *book
	drafts []record.Draft
	seen   []*Seen // what was applied, lacking leaf and content until grown
	growth record.Growth
}

// An outcome is what came of one submission in a pass.
type outcome struct {
	job    *job
	key    record.Hash
	body   record.Hash
	seat   seat.Seat
	spans  []span
	before *outcome        // the same request earlier in this pass
	stored *record.Request // the same request, entered before this pass
	err    error
}

// A span is the entries that one submission led to in one record.
type span struct {
	Record      record.Name
	First, Last int64
	Size        int64 // of the record at the transaction that entered them
}

// try makes one attempt. On error the state is folded anew from the log before
// it is used again. A panic is an error too: it must not end the house.
func (f *file) try(ctx context.Context, batch []*job) (p *pass, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if why := recover(); why != nil {
			f.loaded, p, err = false, nil, fmt.Errorf("entering: %v\n%s", why, debug.Stack())
		}
	}()
	if err := f.reload(ctx); err != nil {
		return nil, err
	}
	p = &pass{f: f, pens: map[record.Name]*pen{}, requests: map[record.Hash]*outcome{}}
	for _, j := range batch {
		o := &outcome{job: j}
		p.outcomes = append(p.outcomes, o)
		if err := p.rule(ctx, o); err != nil {
			var no *ruling.Refusal
			if !errors.As(err, &no) {
				f.loaded = false
				return nil, err
			}
			o.err = err
		}
	}
	if err := p.commit(ctx); err != nil {
		f.loaded = false
		return nil, err
	}
	return p, nil
}

// rule has one submission decided and applies what follows from it.
func (p *pass) rule(ctx context.Context, o *outcome) error {
	f, j := p.f, o.job
	s, seated := f.seat(j.who)
	if !seated {
		return ruling.Nothing()
	}
	o.seat = s
	if again, err := p.again(ctx, o); again || err != nil {
		return err
	}
	at, err := f.time()
	if err != nil {
		return err
	}
	f.forming = 0
	laid, err := p.decided(o, s, at)
	if err != nil {
		var no *ruling.Refusal
		if !errors.As(err, &no) {
			f.desk.fault(err)
			err = ruling.Of(err)
		}
		return err
	}
	for _, l := range laid {
		p.write(o, l, at)
	}
	return nil
}

// A laid event is a destined one as the record will keep it.
type laid struct {
	destined
	name             string
	structure, words []byte
}

// decided has an act ruled on and what follows from it laid down. It changes
// nothing; so whatever goes wrong, even a panic, is the matter of this one act,
// and of none that is entered with it.
func (p *pass) decided(o *outcome, s seat.Seat, at talks.Moment) (list []laid, err error) {
	defer func() {
		if why := recover(); why != nil {
			list, err = nil, fmt.Errorf("ruling on %T: %v\n%s", o.job.Act, why, debug.Stack())
		}
	}()
	events, err := p.decide(o, s, at)
	if err != nil {
		return nil, err
	}
	for _, d := range events {
		l := laid{destined: d}
		if l.name, l.structure, l.words, err = Events.Lay(d.event); err != nil {
			return nil, err
		}
		// What is applied is what was laid down, so that folding the record again
		// cannot lead anywhere else.
		event, err := Events.Take(l.name, l.structure, l.words)
		if err != nil {
			return nil, err
		}
		l.event = event.(talks.Event)
		list = append(list, l)
	}
	return list, nil
}

// again finds out whether the submission was made before, with the same body.
func (p *pass) again(ctx context.Context, o *outcome) (bool, error) {
	if o.job.Request == "" {
		return false, nil
	}
	name := Acts.NameOf(o.job.Act)
	body, err := json.Marshal(o.job.Act)
	if err != nil {
		p.f.desk.fault(err)
		return false, ruling.Of(err) // of this act alone
	}
	o.key = requestKey(p.f.id, o.seat, name, o.job.Request)
	o.body = digest("parley/v1 body", name, string(body))
	if first := p.requests[o.key]; first != nil {
		if first.body != o.body {
			return false, ruling.No(ruling.Invalid, 50, "request-reused")
		}
		o.before = first
		return true, nil
	}
	r, known, err := p.f.desk.log.Request(ctx, o.key)
	switch {
	case err != nil:
		return false, err
	case known && r.Body != o.body:
		return false, ruling.No(ruling.Invalid, 50, "request-reused")
	case known:
		o.stored = &r
		return true, nil
	}
	p.requests[o.key] = o
	return false, nil
}

// requestKey is what a request is remembered by: the talks, whoever submits, the
// act, and the id that they chose. Two of these never say the same of two requests.
func requestKey(id string, s seat.Seat, act, request string) record.Hash {
	who := string(s.Key)
	if s.Role == seat.Convener {
		who = "convener " + string(s.Person)
	}
	return digest("parley/v1 request", id, who, act, request)
}

// digest hashes parts, each after its length, so that no two lists are alike.
func digest(parts ...string) record.Hash {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return record.Hash(h.Sum(nil))
}

// A destined event knows the record it belongs into.
type destined struct {
	record   record.Name
	audience []string
	event    talks.Event
	author   string // as its header names them
}

// decide asks the talks or the room, and says where each event belongs.
func (p *pass) decide(o *outcome, s seat.Seat, at talks.Moment) ([]destined, error) {
	f := p.f
	if act, ok := o.job.Act.(room.Act); ok {
		return p.decideInRoom(act, s, at)
	}
	act, ok := o.job.Act.(talks.Act)
	if !ok {
		return nil, ruling.No(ruling.Absent, 0, "no-such-act", "Act", catalogue.Name(o.job.Act))
	}
	events, err := f.talks.Decide(act, s, at)
	if err != nil {
		return nil, err
	}
	var list []destined
	for _, e := range events {
		d := destined{record: record.JointName(f.id), event: e, author: string(s.Key)}
		if _, anonymous := e.(interface{ Anonymous() }); anonymous {
			d.author = "table"
		}
		if talks.IsPublic(e) {
			// The public learns which side spoke, not how seats are counted.
			d = destined{record: record.PublicName(f.id), audience: []string{seat.Public}, event: e, author: s.Side()}
		}
		list = append(list, d)
	}
	if talks.WantsAnchors(act, events) {
		list = append(list, p.anchors(at))
	}
	return list, nil
}

// decideInRoom asks the room, and forms it if this is the first thing that
// happens in it.
func (p *pass) decideInRoom(act room.Act, s seat.Seat, at talks.Moment) ([]destined, error) {
	f := p.f
	key := act.Room(s)
	r, name, formed := f.roomOf(key)
	events, err := r.Decide(act, f.table(), s, at)
	if err != nil {
		return nil, err
	}
	var list []destined
	members := r.Members
	if !formed {
		var chosen room.Formation
		if name, chosen, err = f.form(key); err != nil {
			return nil, err
		}
		form := room.Form(act, s, chosen)
		members = form.Members
		list = append(list, destined{record: name, event: form, author: "secretariat"})
	}
	for i := range list {
		list[i].audience = members
	}
	for _, e := range events {
		there, crosses := e.(room.Elsewhere)
		if !crosses {
			list = append(list, destined{record: name, audience: members, event: e, author: string(s.Key)})
			continue
		}
		more, err := f.deliver(there, s)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// deliver says into which record an event goes that crosses a wall. In the
// receivers' record its author is the secretariat: who let it out is for the
// words to say, or not.
func (f *file) deliver(e room.Elsewhere, s seat.Seat) ([]destined, error) {
	switch {
	case e.Joint:
		return []destined{{record: record.JointName(f.id), event: e.Event, author: "secretariat"}}, nil
	case e.Public:
		return []destined{{record: record.PublicName(f.id), audience: []string{seat.Public}, event: e.Event, author: s.Side()}}, nil
	}
	r, name, formed := f.roomOf(e.Room)
	if formed {
		return []destined{{record: name, audience: r.Members, event: e.Event, author: "secretariat"}}, nil
	}
	name, chosen, err := f.form(e.Room)
	if err != nil {
		return nil, err
	}
	form := room.FormAt(e.Room, chosen)
	return []destined{
		{record: name, audience: form.Members, event: form, author: "secretariat"},
		{record: name, audience: form.Members, event: e.Event, author: "secretariat"},
	}, nil
}

// table is what rooms see of the rest.
func (f *file) table() *room.Table {
	t := &room.Table{Talks: f.talks, Room: func(k room.Key) *room.Room {
		r, _, _ := f.roomOf(k)
		return r
	}}
	for r := range f.formed() {
		t.Rooms = append(t.Rooms, r)
	}
	return t
}

// write puts an event into the pass and applies it. Its audience is fixed now;
// that of the first entry of talks is the parties yet to come and the mediation.
func (p *pass) write(o *outcome, l laid, at talks.Moment) {
	f := p.f
	w := p.pens[l.record]
	if w == nil {
		w = &pen{book: f.book(l.record)}
		p.pens[l.record] = w
	}
	seen := &Seen{Record: l.record, Number: w.book.head.Size + int64(len(w.drafts)) + 1, Name: l.name, Seat: l.author,
		Time: at.Time.UTC().Truncate(time.Microsecond), Audience: l.audience, Event: l.event}
	if l.record == record.JointName(f.id) {
		seen.Audience = f.talks.Audience()
		if l.name == "talks-convened" {
			seen.Seat = "s1" // the seat that this very entry makes
		}
	}
	if o.job.who.Console {
		seen.Marks = []string{"console"}
	}
	author := seen.Seat
	if l.record == record.JointName(f.id) {
		author = chained(seen.Seat, seen.Audience)
	}
	envelope := catalogue.Envelope{Name: l.name, Audience: seen.Audience, Marks: seen.Marks, Structure: l.structure}
	w.drafts = append(w.drafts, record.Draft{Time: seen.Time, Seat: author, Structure: envelope.Fold(), Words: l.words})
	w.seen = append(w.seen, seen)
	if gone, ok := l.event.(talks.WordsDestroyed); ok {
		p.destroy = append(p.destroy, record.Place{Record: l.record, Number: gone.Entry})
	}
	f.apply(w.book, seen)
	f.last = at.Time // also within the pass, time does not run backwards
	if n := len(o.spans); n > 0 && o.spans[n-1].Record == l.record {
		o.spans[n-1].Last = seen.Number
	} else {
		o.spans = append(o.spans, span{Record: l.record, First: seen.Number, Last: seen.Number})
	}
}

// chained is how a header of the joint record names an author: the seat, and
// a digest of the audience. A header tells how many entries its author made
// before, and which was the last; so there is a chain for each audience, or
// whoever is admitted late would learn it of entries that are not for them.
func chained(seat string, audience []string) string {
	d := digest(audience...)
	return seat + "@" + hex.EncodeToString(d[:4])
}

// commit enters everything of the pass in one transaction, and then, and only
// then, brings the books up to date.
func (p *pass) commit(ctx context.Context) error {
	var t record.Transaction
	for name, w := range p.pens {
		g, err := record.Grow(name, w.book.head, w.book.authors, p.f.desk.chance, p.f.desk.sign, w.drafts...)
		if err != nil {
			return err
		}
		w.growth = g
		t.Batches = append(t.Batches, g.Batch)
	}
	if len(t.Batches) == 0 {
		return nil
	}
	for _, o := range p.outcomes {
		for i := range o.spans {
			o.spans[i].Size = p.pens[o.spans[i].Record].growth.Batch.Head.Size
		}
		if o.err == nil && o.key != (record.Hash{}) && o.before == nil && o.stored == nil {
			answer, err := json.Marshal(o.spans)
			if err != nil {
				return err
			}
			t.Requests = append(t.Requests, record.Request{Key: o.key, Body: o.body, Answer: answer})
		}
	}
	t.Destroy = p.destroy
	if err := p.f.desk.log.Append(ctx, t); err != nil {
		return err
	}
	for _, w := range p.pens {
		p.keep(w)
	}
	if len(p.destroy) > 0 {
		p.f.loaded = false // what was destroyed must not stay in memory: fold anew without it
	}
	return nil
}

// keep brings a book up to date with what is now durable.
func (p *pass) keep(w *pen) {
	b := w.book
	b.head = w.growth.Batch.Head
	for seat, a := range w.growth.Authors {
		b.authors[seat] = a
	}
	for i, e := range w.growth.Batch.Entries {
		w.seen[i].Leaf, w.seen[i].Content = e.Leaf, e.Content
		b.keep(w.seen[i])
	}
	p.entered = append(p.entered, w.seen...)
	if b.head.Last.After(p.f.last) {
		p.f.last = b.head.Last
	}
}

// settle gives every submission its answer. The lock is no longer held.
func (p *pass) settle(ctx context.Context) {
	for _, o := range p.outcomes {
		switch {
		case o.err != nil:
			o.job.err = o.err
		case o.before != nil:
			o.job.answer, o.job.err = o.before.job.answer, o.before.job.err
			o.job.answer.Repeated = true
		case o.stored != nil:
			o.job.answer, o.job.err = p.f.first(ctx, o)
		default:
			o.job.answer, o.job.err = p.answer(o)
		}
	}
}

// answer gathers the entries of a submission and their proofs.
func (p *pass) answer(o *outcome) (Answer, error) {
	var a Answer
	for _, s := range o.spans {
		w := p.pens[s.Record]
		for n := s.First; n <= s.Last; n++ {
			receipt, err := w.growth.Receipt(n)
			if err != nil {
				return Answer{}, p.f.desk.told(err)
			}
			seen := w.seen[n-w.growth.Batch.After-1]
			if !p.f.forSender(o.seat, seen) {
				continue
			}
			a.Entries = append(a.Entries, seen)
			a.Receipts = append(a.Receipts, receipt)
		}
	}
	return a, nil
}

// forSender reports whether a sender may see an entry that their act led to.
// The clock is the desk's own, and sees what it does.
func (f *file) forSender(s seat.Seat, e *Seen) bool {
	return s.Role == seat.Secretariat || s.Role == seat.Convener || hears(s.Groups(), e.Audience)
}

// first gives the first answer to a request again, with the proofs it had.
func (f *file) first(ctx context.Context, o *outcome) (Answer, error) {
	var spans []span
	if err := json.Unmarshal(o.stored.Answer, &spans); err != nil {
		return Answer{}, f.desk.told(err)
	}
	a := Answer{Repeated: true}
	for _, s := range spans {
		for e, err := range f.desk.log.Read(ctx, s.Record, s.First-1) {
			if err != nil {
				return Answer{}, f.desk.told(err)
			}
			if e.Number > s.Last {
				break
			}
			seen, err := decode(s.Record, e)
			if err != nil {
				return Answer{}, f.desk.told(err)
			}
			if !f.forSender(o.seat, seen) {
				continue
			}
			receipt, err := record.ProveEntry(ctx, f.desk.log, s.Record, e.Number, s.Size)
			if err != nil {
				return Answer{}, f.desk.told(err)
			}
			a.Entries, a.Receipts = append(a.Entries, seen), append(a.Receipts, receipt)
		}
	}
	return a, nil
}
