// Package memory keeps records for as long as the process runs.
//
// It owns nothing durable: a transaction counts as durable once it is in
// memory. It keeps every other promise of the interfaces it implements, and is
// meant for tests and for talks nobody will need again.
package memory

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"
	"sync"

	"parley/internal/record"
)

// A Log is a [record.Log]. The zero value is empty and ready to use. It must
// not be copied.
type Log struct {
	mu       sync.RWMutex
	records  map[record.Name]*stored
	requests map[record.Hash]record.Request
}

// A stored record only ever grows: what a reader has seen of its slices stays
// as it is, except that destroying words replaces entries by a copy.
type stored struct {
	entries []record.Entry
	hashes  []record.Hash // by stored hash index
	heads   []record.Head // one for each transaction
}

var _ record.Log = (*Log)(nil)

// Append implements [record.Log].
func (l *Log) Append(ctx context.Context, t record.Transaction) error {
	if err := t.Check(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := l.admits(t); err != nil {
		return err
	}
	if l.records == nil {
		l.records = make(map[record.Name]*stored)
		l.requests = make(map[record.Hash]record.Request)
	}
	for _, b := range t.Batches {
		if l.records[b.Record] == nil {
			l.records[b.Record] = new(stored)
		}
		l.records[b.Record].grow(b)
	}
	for _, r := range t.Requests {
		l.requests[r.Key] = r
	}
	for _, p := range t.Destroy {
		l.records[p.Record].destroy(p.Number)
	}
	return nil
}

// admits says why t cannot be entered as things stand.
func (l *Log) admits(t record.Transaction) error {
	for _, r := range t.Requests {
		if _, known := l.requests[r.Key]; known {
			return record.ErrRepeated
		}
	}
	for _, b := range t.Batches {
		if size := l.head(b.Record).Size; size != b.After {
			return fmt.Errorf("%s ends at entry %d, not %d: %w", b.Record, size, b.After, record.ErrStale)
		}
	}
	for _, p := range t.Destroy {
		if p.Number < 1 || p.Number > l.head(p.Record).Size {
			return fmt.Errorf("the words of entry %d of %s cannot be destroyed: there is no such entry", p.Number, p.Record)
		}
	}
	return nil
}

func (s *stored) grow(b record.Batch) {
	s.entries = append(s.entries, b.Entries...)
	nodes := b.Nodes
	for _, e := range b.Entries {
		s.hashes = append(s.hashes, e.Leaf)
		for len(nodes) > 0 && nodes[0].Index == int64(len(s.hashes)) {
			s.hashes = append(s.hashes, nodes[0].Hash)
			nodes = nodes[1:]
		}
	}
	s.heads = append(s.heads, b.Head)
}

func (s *stored) destroy(number int64) {
	s.entries = slices.Clone(s.entries)
	e := &s.entries[number-1]
	content := *e.Content
	content.Words = nil
	e.Content = &content
}

// head returns a record's head; the caller holds the lock.
func (l *Log) head(name record.Name) record.Head {
	s := l.records[name]
	if s == nil {
		return record.Head{}
	}
	return s.heads[len(s.heads)-1]
}

// Read implements [record.Log]. What it yields is the record as it was when
// the loop began.
func (l *Log) Read(ctx context.Context, name record.Name, after int64) iter.Seq2[record.Entry, error] {
	return func(yield func(record.Entry, error) bool) {
		l.mu.RLock()
		var entries []record.Entry
		if s := l.records[name]; s != nil {
			entries = s.entries
		}
		l.mu.RUnlock()
		after = min(max(after, 0), int64(len(entries)))
		for _, e := range entries[after:] {
			if err := ctx.Err(); err != nil {
				yield(record.Entry{}, err)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(record.Entry{}, err)
		}
	}
}

// Head implements [record.Log].
func (l *Log) Head(ctx context.Context, name record.Name) (record.Head, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return record.Head{}, err
	}
	return l.head(name), nil
}

// Hashes implements [record.Log].
func (l *Log) Hashes(ctx context.Context, name record.Name, indexes []int64) ([]record.Hash, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var hashes []record.Hash
	if s := l.records[name]; s != nil {
		hashes = s.hashes
	}
	out := make([]record.Hash, 0, len(indexes))
	for _, i := range indexes {
		if i < 0 || i >= int64(len(hashes)) {
			return nil, fmt.Errorf("%s has no hash at %d: it has %d", name, i, len(hashes))
		}
		out = append(out, hashes[i])
	}
	return out, nil
}

// Note implements [record.Log].
func (l *Log) Note(ctx context.Context, name record.Name, size int64) ([]byte, int64, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if end := l.head(name).Size; size < 1 || size > end {
		return nil, 0, fmt.Errorf("%s has no checkpoint of %d entries: it has %d", name, size, end)
	}
	heads := l.records[name].heads
	i := sort.Search(len(heads), func(i int) bool { return heads[i].Size >= size })
	return heads[i].Note, heads[i].Size, nil
}

// Names implements [record.Log].
func (l *Log) Names(ctx context.Context, prefix string) ([]record.Name, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var names []record.Name
	for name := range l.records {
		if strings.HasPrefix(string(name), prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Request implements [record.Log].
func (l *Log) Request(ctx context.Context, key record.Hash) (record.Request, bool, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return record.Request{}, false, err
	}
	r, ok := l.requests[key]
	return r, ok, nil
}
