package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/record"
)

// A work is one caller's part of a transaction. It returns a [refused] if it
// changed nothing; after any other error the whole transaction is rolled back.
// It may be run more than once.
type work func(*conn) error

// A refused work has changed nothing, so those who share its transaction go on.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

const (
	// A group is small enough that the first of it does not wait long for the last.
	mostInGroup = 256
	// tidyAfter is how long nothing must have come in before what was written
	// is carried from the write-ahead file into the database.
	tidyAfter = 2 * time.Second
)

// A pen is the one connection that writes, and the goroutine that holds it.
// While it waits for the disk, what comes in queues up and becomes the next
// transaction, so that many callers share one flush.
type pen struct {
	c     *conn
	queue chan *job
	ended chan struct{}

	mu     sync.RWMutex // held for reading while putting a job into the queue
	closed bool

	// What follows belongs to the goroutine.
	broken  error // after a fault of the disk; nothing is entered any more
	untidy  bool  // the write-ahead file holds something
	scrub   bool  // the write-ahead file holds words that were destroyed
	outcome error // of closing; valid once ended is closed
}

// A job is a work that waits for its answer.
type job struct {
	work
	destroys bool // words, which must leave the write-ahead file too
	state    atomic.Int32
	answer   chan error // has room for one
}

const (
	waiting int32 = iota
	taken
	withdrawn
)

func newPen(path string) (*pen, error) {
	c, err := connect(path, false)
	if err != nil {
		return nil, err
	}
	mode, err := c.one("PRAGMA journal_mode")
	if err != nil || words(mode[0]) != "wal" {
		return nil, errors.Join(fmt.Errorf("opening the database: this disk cannot hold a write-ahead log: choose a local one"), err, c.close())
	}
	c.ends = make(map[record.Name]end)
	p := &pen{c: c, queue: make(chan *job, mostInGroup), ended: make(chan struct{})}
	go p.run()
	return p, nil
}

// enter has j entered and waits for the answer. If ctx ends before the pen has
// taken j up, j is withdrawn; afterwards the answer is waited for, for it is
// close and worth knowing.
func (p *pen) enter(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.answer = make(chan error, 1)
	if err := p.submit(ctx, j); err != nil {
		return err
	}
	select {
	case err := <-j.answer:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err()
		}
		return <-j.answer
	}
}

func (p *pen) submit(ctx context.Context, j *job) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return ErrClosed
	}
	select {
	case p.queue <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close lets the pen finish what is in the queue and puts it down.
func (p *pen) close() error {
	p.mu.Lock()
	p.closed = true
	close(p.queue)
	p.mu.Unlock()
	<-p.ended
	return p.outcome
}

func (p *pen) run() {
	defer close(p.ended)
	idle := time.NewTimer(tidyAfter)
	defer idle.Stop()
	for {
		select {
		case j, ok := <-p.queue:
			if !ok {
				p.outcome = errors.Join(p.tidy("TRUNCATE"), p.c.close())
				return
			}
			p.share(p.gather(j))
			idle.Reset(tidyAfter)
		case <-idle.C:
			p.idle()
		}
	}
}

// gather adds to the first what else is waiting.
func (p *pen) gather(first *job) []*job {
	var group []*job
	take := func(j *job) {
		if j.state.CompareAndSwap(waiting, taken) {
			group = append(group, j)
		}
	}
	take(first)
	for len(group) < mostInGroup {
		select {
		case j, ok := <-p.queue:
			if !ok {
				return group // run meets the end of the queue again
			}
			take(j)
		default:
			return group
		}
	}
	return group
}

// share enters a group in one transaction and answers everybody in it. If that
// fails on account of one of them, or for want of room, each is tried alone.
func (p *pen) share(group []*job) {
	answers, err := p.transact(group)
	if err != nil && len(group) > 1 && p.broken == nil {
		for _, j := range group {
			p.share([]*job{j})
		}
		return
	}
	if p.scrub {
		// Not an error of those who are waiting: what they asked for is
		// entered, and the pen tries again when it is idle.
		_ = p.tidy("TRUNCATE")
	}
	for i, j := range group {
		if err != nil {
			j.answer <- err
		} else {
			j.answer <- answers[i]
		}
	}
}

// transact returns an answer for each, or one error for all; after an error
// nothing is entered, unless it says otherwise.
func (p *pen) transact(group []*job) ([]error, error) {
	if p.broken != nil {
		return nil, p.broken
	}
	if _, err := p.c.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, p.fault(err)
	}
	answers := make([]error, len(group))
	changed := false
	for i, j := range group {
		err := j.work(p.c)
		var r refused
		if errors.As(err, &r) {
			answers[i] = r.error
			continue
		}
		if err != nil {
			return nil, errors.Join(p.fault(err), p.rollback())
		}
		changed = true
		p.scrub = p.scrub || j.destroys
	}
	if !changed {
		return answers, p.rollback()
	}
	p.untidy = true
	if _, err := p.c.exec("COMMIT"); err != nil {
		if code(err) == codeFull {
			return nil, errors.Join(p.fault(err), p.rollback())
		}
		// The commit may be on the disk in spite of the error: only a fresh
		// start, which reads the write-ahead file, can tell.
		p.broken = ErrDisk
		return nil, fmt.Errorf("%w: %w (%w)", record.ErrUnknownOutcome, ErrDisk, err)
	}
	return answers, nil
}

// fault takes note of a fault of the disk, after which nothing may be entered.
func (p *pen) fault(err error) error {
	err = plain(err)
	if errors.Is(err, ErrDisk) {
		p.broken = ErrDisk
	}
	return err
}

// rollback undoes the transaction, if SQLite has not done so already, as it
// does when the disk is full.
func (p *pen) rollback() error {
	p.c.forget()
	_, err := p.c.exec("ROLLBACK")
	if err != nil && code(err) == 1 { // SQLITE_ERROR: no transaction is active
		return nil
	}
	if err != nil {
		p.broken = ErrDisk
	}
	return err
}

// idle carries what was written into the database while nobody waits for it.
func (p *pen) idle() {
	if p.scrub {
		_ = p.tidy("TRUNCATE") // tried again when something has been entered
	} else if p.untidy {
		_ = p.tidy("PASSIVE") // costs nothing but a longer write-ahead file
	}
}

// tidy carries the write-ahead file into the database. What it cannot do
// because of a reader, or because the disk is full, it leaves for the next time.
func (p *pen) tidy(mode string) error {
	if p.broken != nil {
		return nil
	}
	if _, err := p.c.exec("PRAGMA busy_timeout(100)"); err != nil {
		return err
	}
	done, err := p.c.one("PRAGMA wal_checkpoint(" + mode + ")")
	if _, e := p.c.exec("PRAGMA busy_timeout(5000)"); err == nil {
		err = e
	}
	if err = plain(err); errors.Is(err, record.ErrFull) {
		return nil
	} else if err != nil {
		return err
	}
	if integer(done[0]) == 0 {
		p.untidy = false
		if mode == "TRUNCATE" {
			p.scrub = false
		}
	}
	return nil
}
