package record

import (
	"context"
	"fmt"
	"sort"

	"golang.org/x/mod/sumdb/tlog"
)

// auditChunk is how many of the tree's stored hashes are compared at a time.
const auditChunk = 1024

// Audit reads and hashes a stored record whole: headers, leaves, the
// commitments of everything that is there, the authors' chains, the order of
// time, the tree's stored hashes, the head and its signature. It returns the
// head it has verified.
//
// If the record is not what was entered, the error is a [*FalseEntry] that
// names the first entry which is not. If entries were rewritten with all their
// hashes, so that only the signatures betray it, that is the first entry after
// the last checkpoint that still holds. Only if every entry stands and its
// head alone was altered does the error name none.
//
// A record that was put back whole to an earlier state, signatures and all,
// cannot be told from one that never went further; receipts, anchors and
// witnesses show that.
func Audit(ctx context.Context, log Log, name Name, v Verifier) (Head, error) {
	a := auditor{ctx: ctx, log: log, check: NewChecker(name)}
	head, err := log.Head(ctx, name)
	if err != nil {
		return Head{}, fmt.Errorf("auditing %s: %w", name, err)
	}
	if err = a.entries(head.Size); err == nil {
		err = a.check.Done(head, v)
	}
	if err == nil {
		return head, nil
	}
	// An entry before the one found may be false in a way that only the
	// signatures show.
	first, unread := a.firstUnsigned(v)
	switch {
	case ctx.Err() != nil:
		return Head{}, ctx.Err()
	case unread != nil:
		return Head{}, fmt.Errorf("%w (and to look for earlier ones failed: %v)", err, unread)
	case first > 0:
		return Head{}, &FalseEntry{Record: name, Number: first, Why: whyTree}
	}
	return Head{}, err
}

// An auditor goes through one record.
type auditor struct {
	ctx     context.Context
	log     Log
	check   *Checker
	pending []Node // what the store should hold, not yet compared
}

// entries checks the first size entries and the stored hashes above them.
func (a *auditor) entries(size int64) error {
	for e, err := range a.log.Read(a.ctx, a.check.name, 0) {
		number := a.check.Size() + 1
		switch {
		case number > size:
			return firstOf(a.compare(), a.beyond(size))
		case err != nil:
			err = &FalseEntry{a.check.name, number, whyUnread, err}
		case e.Content == nil:
			err = a.check.no(number, whyMissing)
		default:
			err = a.check.Add(e)
		}
		if err != nil {
			return firstOf(a.compare(), err)
		}
		a.pending = append(a.pending, Node{tlog.StoredHashIndex(0, e.Number-1), e.Leaf})
		a.pending = append(a.pending, a.check.done...)
		if len(a.pending) >= auditChunk {
			if err := a.compare(); err != nil {
				return err
			}
		}
	}
	return a.compare()
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// beyond decides about an entry that follows the last of the head: it is one
// that was entered while we were reading, or one that does not belong there.
func (a *auditor) beyond(size int64) error {
	head, err := a.log.Head(a.ctx, a.check.name)
	if err != nil {
		return err
	}
	if head.Size <= size {
		return a.check.no(size+1, whyBeyond)
	}
	return nil
}

// compare holds the pending hashes against the stored ones.
func (a *auditor) compare() error {
	pending := a.pending
	a.pending = a.pending[:0]
	indexes := make([]int64, len(pending))
	for i, n := range pending {
		indexes[i] = n.Index
	}
	stored, err := a.log.Hashes(a.ctx, a.check.name, indexes)
	if err != nil && a.ctx.Err() == nil {
		// Which of them it was, asked one by one, tells the entry.
		for _, n := range pending {
			if _, err := a.log.Hashes(a.ctx, a.check.name, []int64{n.Index}); err != nil {
				return &FalseEntry{a.check.name, completedBy(n.Index), whyNoNode, err}
			}
		}
	}
	if err != nil {
		return err
	}
	for i, n := range pending {
		if stored[i] != n.Hash {
			return a.check.no(completedBy(n.Index), whyNode)
		}
	}
	return nil
}

// completedBy is the number of the entry with which the hash stored at index
// came to be.
func completedBy(index int64) int64 {
	level, n := tlog.SplitStoredHashIndex(index)
	return (n + 1) << level
}

// firstUnsigned returns the first of the entries checked so far which is not
// under a checkpoint that holds, 0 if there is none. It relies on one thing:
// if a checkpoint holds, every entry under it is true. So it can halve the
// range until it has found where that ends.
func (a *auditor) firstUnsigned(v Verifier) (int64, error) {
	hashes, err := a.rehash(a.check.Size())
	if err != nil {
		return 0, err
	}
	size := a.check.Size()
	first := 1 + sort.Search(int(size), func(i int) bool {
		return err == nil && !a.holds(v, int64(i)+1, size, hashes, &err)
	})
	if err != nil || int64(first) > size {
		return 0, err
	}
	// What lies under a checkpoint that reaches beyond the entries checked
	// cannot be told to be false.
	if _, at, err := a.log.Note(a.ctx, a.check.name, int64(first)); err == nil && at > size {
		return 0, nil
	}
	return int64(first), nil
}

// rehash computes all the tree's hashes from the leaves of the first size entries.
func (a *auditor) rehash(size int64) ([]Hash, error) {
	hashes := make([]Hash, 0, tlog.StoredHashCount(size))
	var tree edge
	var done []Node
	for e, err := range a.log.Read(a.ctx, a.check.name, 0) {
		if tree.size == size {
			break
		}
		if err != nil {
			return nil, err
		}
		done = tree.add(e.Leaf, done[:0])
		hashes = append(hashes, e.Leaf)
		for _, n := range done {
			hashes = append(hashes, n.Hash)
		}
	}
	if tree.size < size {
		return nil, fmt.Errorf("%s is shorter than it was a moment ago", a.check.name)
	}
	return hashes, nil
}

// holds reports whether the checkpoint over entry number is signed and agrees
// with the hashes of the first size entries.
func (a *auditor) holds(v Verifier, number, size int64, hashes []Hash, fault *error) bool {
	text, at, err := a.log.Note(a.ctx, a.check.name, number)
	if a.ctx.Err() != nil {
		*fault = a.ctx.Err()
	}
	if err != nil || at > size {
		return false
	}
	p, err := v.Checkpoint(a.check.name, text)
	if err != nil || p.Size != at {
		return false
	}
	root, err := tlog.TreeHash(at, tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		out := make([]Hash, len(indexes))
		for i, index := range indexes {
			out[i] = hashes[index]
		}
		return out, nil
	}))
	return err == nil && p.Root == root
}
