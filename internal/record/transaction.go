package record

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Check returns an error if no store could enter the transaction because it
// contradicts itself: a record named twice or misspelled, entries, nodes or
// frontier that are not at their place, a request listed twice. Stores call it
// first. It does not hash: that what is entered is true is for [Grow] to see
// to, and for [Audit] to find out.
func (t Transaction) Check() error {
	for i, b := range t.Batches {
		if err := b.check(); err != nil {
			return fmt.Errorf("a transaction on %.200q cannot be entered: %w", string(b.Record), err)
		}
		for _, other := range t.Batches[:i] {
			if other.Record == b.Record {
				return fmt.Errorf("a transaction cannot be entered: it has two batches for %s", b.Record)
			}
		}
	}
	for i, r := range t.Requests {
		for _, other := range t.Requests[:i] {
			if other.Key == r.Key {
				return fmt.Errorf("a transaction cannot be entered: it has request %v twice", r.Key)
			}
		}
	}
	return nil
}

func (b Batch) check() error {
	if err := b.Record.Check(); err != nil {
		return err
	}
	size := b.After + int64(len(b.Entries))
	switch {
	case b.After < 0 || len(b.Entries) == 0:
		return fmt.Errorf("it has %d entries after %d", len(b.Entries), b.After)
	case b.Head.Size != size:
		return fmt.Errorf("its head is of %d entries, not of %d", b.Head.Size, size)
	case len(b.Head.Frontier) != bits.OnesCount64(uint64(size)):
		return fmt.Errorf("its head of %d entries has a frontier of %d", size, len(b.Head.Frontier))
	case len(b.Head.Note) == 0:
		return fmt.Errorf("its head is not signed")
	}
	nodes := b.Nodes
	for i, e := range b.Entries {
		number := b.After + int64(i) + 1
		if e.Number != number || e.Content == nil || e.Content.Header.Number != number || e.Content.Header.Record != b.Record {
			return fmt.Errorf("where entry %d should stand there is another, or nothing to read", number)
		}
		index := tlog.StoredHashIndex(0, number-1)
		done := bits.TrailingZeros64(uint64(number))
		for k := range done {
			if k >= len(nodes) || nodes[k].Index != index+int64(k)+1 {
				return fmt.Errorf("the nodes of entry %d are not those it completes", number)
			}
		}
		nodes = nodes[done:]
	}
	if len(nodes) > 0 {
		return fmt.Errorf("it has %d nodes too many", len(nodes))
	}
	if last := b.Entries[len(b.Entries)-1].Content.Header.Time; !last.Equal(b.Head.Last) {
		return fmt.Errorf("its head says that the last entry is of %v, not of %v", b.Head.Last, last)
	}
	return nil
}
