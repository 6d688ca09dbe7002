package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"
	"math/bits"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"parley/internal/record"
)

// log is the house as a [record.Log].
type log struct{ h *House }

// One reading takes up to so many entries, or so many bytes of them, before it
// gives its connection back: whoever reads slowly keeps nobody waiting and
// holds little memory.
const (
	mostRowsAtOnce  = 512
	mostBytesAtOnce = 1 << 20
)

const (
	findRecord = "SELECT id, (SELECT place FROM entries WHERE place > id << 40 AND place < (id + 1) << 40 AND note IS NOT NULL" +
		" ORDER BY place DESC LIMIT 1) FROM records WHERE name = ?"
	headAt      = "SELECT root, last, note FROM entries WHERE place = ?"
	noteFrom    = "SELECT place, note FROM entries WHERE place >= ? AND place < ? AND note IS NOT NULL ORDER BY place LIMIT 1"
	hashesAt    = "SELECT leaf, nodes FROM entries WHERE place = ?"
	entriesFrom = "SELECT place, leaf, header, structure_salt, structure, words_salt, words, evidence" +
		" FROM entries WHERE place > ? AND place < ? ORDER BY place"
	namesFrom   = "SELECT name FROM records WHERE name >= ? AND name < ? ORDER BY name"
	findRequest = "SELECT body, answer FROM requests WHERE key = ?"

	addRecord = "INSERT INTO records (name) VALUES (?) RETURNING id"
	addEntry  = "INSERT INTO entries (place, leaf, nodes, root, last, note, header, structure_salt, structure, words_salt, words, evidence)" +
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	addRequest   = "INSERT INTO requests (key, body, answer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
	destroyWords = "UPDATE entries SET words_salt = NULL, words = NULL WHERE place = ?"
)

// Append enters t.
func (l log) Append(ctx context.Context, t record.Transaction) error {
	if err := t.Check(); err != nil {
		return err
	}
	for _, b := range t.Batches {
		if b.Head.Size > mostNumbers {
			return fmt.Errorf("record %s is full: it cannot have more than %d entries", b.Record, int64(mostNumbers))
		}
	}
	return l.h.writing(ctx, &job{
		work:     func(c *conn) error { return enterTransaction(c, t) },
		destroys: len(t.Destroy) > 0,
	})
}

func enterTransaction(c *conn, t record.Transaction) error {
	ends := make([]end, len(t.Batches))
	for i, b := range t.Batches {
		var err error
		if ends[i], err = c.end(b.Record); err != nil {
			return err
		}
		if ends[i].size != b.After {
			return staleOrRepeated(c, t, b.Record, ends[i].size)
		}
	}
	// The requests come first: to find one that is known costs nothing more
	// than to enter it.
	for i, r := range t.Requests {
		added, err := c.exec(addRequest, r.Key[:], r.Body[:], present(r.Answer))
		switch {
		case err != nil:
			return err
		case added == 0 && i == 0:
			return refused{record.ErrRepeated}
		case added == 0:
			return record.ErrRepeated // those before it must go again
		}
	}
	for i, b := range t.Batches {
		if err := enterBatch(c, ends[i].id, b); err != nil {
			return err
		}
	}
	for _, p := range t.Destroy {
		if err := destroy(c, p); err != nil {
			return err
		}
	}
	return nil
}

// staleOrRepeated tells which of the two: whoever submits a second time has
// not seen that the record has moved on by their own first.
func staleOrRepeated(c *conn, t record.Transaction, name record.Name, size int64) error {
	for _, r := range t.Requests {
		known, err := c.one(findRequest, r.Key[:])
		if err != nil {
			return err
		}
		if known != nil {
			return refused{record.ErrRepeated}
		}
	}
	return refused{fmt.Errorf("record %s has %d entries: %w", name, size, record.ErrStale)}
}

// An end is where a record ends; zero for one that does not exist.
type end struct{ id, size int64 }

// mostEnds are remembered by the pen, of the records written last.
const mostEnds = 10_000

// end finds where a record ends. The pen, which nobody writes beside, remembers
// what it has written; see forget.
func (c *conn) end(name record.Name) (end, error) {
	if e, ok := c.ends[name]; ok {
		return e, nil
	}
	row, err := c.one(findRecord, string(name))
	if row == nil || err != nil {
		return end{}, err
	}
	return end{integer(row[0]), number(integer(row[1]))}, nil
}

// remember notes where a record ends by the transaction under way.
func (c *conn) remember(name record.Name, e end) {
	if len(c.ends) >= mostEnds {
		clear(c.ends)
	}
	c.ends[name] = e
}

// forget is for when the transaction under way has come to nothing.
func (c *conn) forget() { clear(c.ends) }

func enterBatch(c *conn, id int64, b record.Batch) error {
	if id == 0 {
		row, err := c.one(addRecord, string(b.Record))
		if err != nil {
			return err
		}
		id = integer(row[0])
	}
	nodes := b.Nodes
	for i, e := range b.Entries {
		// With the number's last binary zeros, that many subtrees are complete.
		done := bits.TrailingZeros64(uint64(e.Number))
		var head *record.Head
		if i == len(b.Entries)-1 {
			head = &b.Head
		}
		if err := enterEntry(c, id, e, nodes[:done], head); err != nil {
			return err
		}
		nodes = nodes[done:]
	}
	c.remember(b.Record, end{id, b.Head.Size})
	return nil
}

// enterEntry enters an entry, the nodes it completes and, with the last of a
// batch, the head.
func enterEntry(c *conn, id int64, e record.Entry, done []record.Node, head *record.Head) error {
	var nodes, root, last, note, wordsSalt, words, evidence driver.Value
	if len(done) > 0 {
		hashes := make([]byte, 0, len(done)*len(record.Hash{}))
		for _, n := range done {
			hashes = append(hashes, n.Hash[:]...)
		}
		nodes = hashes
	}
	if head != nil {
		root, last, note = head.Root[:], head.Last.UnixMicro(), head.Note
	}
	if w := e.Content.Words; w != nil {
		wordsSalt, words = w.Salt[:], present(w.Bytes)
	}
	if len(e.Content.Evidence) > 0 {
		evidence = e.Content.Evidence
	}
	s := &e.Content.Structure
	_, err := c.exec(addEntry, place(id, e.Number), e.Leaf[:], nodes, root, last, note,
		e.Content.Header.Marshal(), s.Salt[:], present(s.Bytes), wordsSalt, words, evidence)
	return err
}

// present makes of nothing at all the empty bytes: nil would be stored as NULL.
func present(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func destroy(c *conn, p record.Place) error {
	at, err := c.end(p.Record)
	if err != nil {
		return err
	}
	n, err := c.exec(destroyWords, place(at.id, p.Number))
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("record %s has no entry %d whose words could be destroyed", p.Record, p.Number)
	}
	return nil
}

// Read yields the entries that follow number after.
func (l log) Read(ctx context.Context, name record.Name, after int64) iter.Seq2[record.Entry, error] {
	return func(yield func(record.Entry, error) bool) {
		after := max(after, 0)
		for {
			some, more, err := l.readSome(ctx, name, after)
			for _, e := range some {
				if err := ctx.Err(); err != nil {
					yield(record.Entry{}, err)
					return
				}
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(record.Entry{}, err)
				return
			}
			if !more {
				return
			}
			after = some[len(some)-1].Number
		}
	}
}

// readSome returns what may be read at once, and whether there may be more.
// With an error it returns the entries before the one that is at fault.
func (l log) readSome(ctx context.Context, name record.Name, after int64) (some []record.Entry, more bool, err error) {
	err = l.h.reading(ctx, func(c *conn) error {
		at, err := c.end(name)
		if err != nil || at.id == 0 {
			return err
		}
		var size int
		return c.each(entriesFrom, func(row []driver.Value) error {
			if len(some) == mostRowsAtOnce || size > mostBytesAtOnce {
				more = true
				return enough
			}
			e, err := entry(name, after+int64(len(some))+1, row)
			if err != nil {
				return err
			}
			some = append(some, e)
			size += len(e.Content.Structure.Bytes)
			if e.Content.Words != nil {
				size += len(e.Content.Words.Bytes)
			}
			return nil
		}, place(at.id, after), place(at.id+1, 0))
	})
	return some, more, err
}

// entry makes an entry of a row of entriesFrom. It checks what it must to do
// so and no more: whether the entry is true is for record to say.
func entry(name record.Name, due int64, row []driver.Value) (record.Entry, error) {
	e := record.Entry{Number: number(integer(row[0])), Content: new(record.Content)}
	if e.Number != due {
		return e, fmt.Errorf("record %s: entry %d is missing from the database", name, due)
	}
	header, err := record.ParseHeader(blob(row[2]))
	if err != nil {
		return e, fmt.Errorf("record %s: entry %d was altered in the database: %w", name, due, err)
	}
	copy(e.Leaf[:], blob(row[1]))
	e.Content.Header = header
	copy(e.Content.Structure.Salt[:], blob(row[3]))
	e.Content.Structure.Bytes = blob(row[4])
	if row[6] != nil {
		e.Content.Words = &record.Opening{Bytes: blob(row[6])}
		copy(e.Content.Words.Salt[:], blob(row[5]))
	}
	e.Content.Evidence = blob(row[7])
	return e, nil
}

// Head returns the head of a record.
func (l log) Head(ctx context.Context, name record.Name) (head record.Head, err error) {
	err = l.h.reading(ctx, func(c *conn) error {
		at, err := c.end(name)
		if err != nil || at.id == 0 {
			return err
		}
		row, err := c.one(headAt, place(at.id, at.size))
		if err != nil {
			return err
		}
		if row == nil {
			return fmt.Errorf("record %s: its checkpoints are missing from the database", name)
		}
		head = record.Head{Size: at.size, Last: time.UnixMicro(integer(row[1])).UTC(), Note: blob(row[2])}
		copy(head.Root[:], blob(row[0]))
		// The right edge of a tree never changes: it is read from the tree
		// rather than kept once more with every checkpoint.
		for _, index := range frontier(head.Size) {
			h, err := hashAt(c, name, at.id, index)
			if err != nil {
				return err
			}
			head.Frontier = append(head.Frontier, record.Node{Index: index, Hash: h})
		}
		return nil
	})
	return head, err
}

// frontier returns the indexes of the complete subtrees of a tree of this
// size, largest first: one for every bit of the size.
func frontier(size int64) (indexes []int64) {
	var before int64 // leaves to the left
	for size > before {
		level := bits.Len64(uint64(size-before)) - 1
		indexes = append(indexes, tlog.StoredHashIndex(level, before>>level))
		before += 1 << level
	}
	return indexes
}

// hashAt finds a hash with the entry that completes it.
func hashAt(c *conn, name record.Name, id, index int64) (h record.Hash, err error) {
	level, n := tlog.SplitStoredHashIndex(index)
	row, err := c.one(hashesAt, place(id, (n+1)<<level))
	if err != nil {
		return h, err
	}
	var hashes []byte
	if row != nil && id != 0 {
		hashes = append(blob(row[0]), blob(row[1])...)
	}
	if len(hashes) < (level+1)*len(h) {
		return h, fmt.Errorf("record %s has no hash with index %d", name, index)
	}
	copy(h[:], hashes[level*len(h):])
	return h, nil
}

// Hashes returns hashes of the tree.
func (l log) Hashes(ctx context.Context, name record.Name, indexes []int64) (hashes []record.Hash, err error) {
	for _, index := range indexes {
		if index < 0 || index >= 2*mostNumbers {
			return nil, fmt.Errorf("record %s has no hash with index %d", name, index)
		}
	}
	err = l.h.reading(ctx, func(c *conn) error {
		at, err := c.end(name)
		if err != nil {
			return err
		}
		hashes = make([]record.Hash, len(indexes))
		for i, index := range indexes {
			if hashes[i], err = hashAt(c, name, at.id, index); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return hashes, nil
}

// Note returns the checkpoint of the first transaction that reached size.
func (l log) Note(ctx context.Context, name record.Name, size int64) (note []byte, at int64, err error) {
	err = l.h.reading(ctx, func(c *conn) error {
		end, err := c.end(name)
		if err != nil {
			return err
		}
		var row []driver.Value
		if end.id != 0 && size <= mostNumbers {
			row, err = c.one(noteFrom, place(end.id, max(size, 0)), place(end.id+1, 0))
		}
		if err != nil {
			return err
		}
		if row == nil {
			return fmt.Errorf("record %s has no checkpoint of size %d or more", name, size)
		}
		note, at = blob(row[1]), number(integer(row[0]))
		return nil
	})
	return note, at, err
}

// Names returns the names that begin with prefix.
func (l log) Names(ctx context.Context, prefix string) (names []record.Name, err error) {
	err = l.h.reading(ctx, func(c *conn) error {
		// No byte of a name comes after the tilde.
		return c.each(namesFrom, func(row []driver.Value) error {
			names = append(names, record.Name(words(row[0])))
			return nil
		}, prefix, prefix+"~")
	})
	return names, err
}

// Request returns what is remembered of a request.
func (l log) Request(ctx context.Context, key record.Hash) (r record.Request, ok bool, err error) {
	err = l.h.reading(ctx, func(c *conn) error {
		row, err := c.one(findRequest, key[:])
		if row == nil || err != nil {
			return err
		}
		r, ok = record.Request{Key: key, Answer: blob(row[1])}, true
		copy(r.Body[:], blob(row[0]))
		return nil
	})
	return r, ok, err
}
