package record

import (
	"fmt"
	"time"
)

// A FalseEntry says which entry of a record is the first that is not what was
// entered.
type FalseEntry struct {
	Record Name
	Number int64
	Why    string // continues "entry 17 of istanbul/joint …"
	Err    error  // what the store said, if it could not read the entry
}

func (f *FalseEntry) Error() string {
	text := fmt.Sprintf("entry %d of %s %s", f.Number, f.Record, f.Why)
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	return text
}

// Unwrap returns what the store said.
func (f *FalseEntry) Unwrap() error { return f.Err }

// What may be wrong with an entry, each continuing a [FalseEntry].
const (
	whyMissing   = "is missing: another stands in its place"
	whyCut       = "is missing: the record was cut short"
	whyHeader    = "does not say what was entered: its header is not the one in the tree"
	whyStructure = "does not say what was entered: its structure was altered"
	whyWords     = "does not say what was entered: its words were altered"
	whyEvidence  = "does not say what was entered: its evidence was altered, added or taken away"
	whyAuthor    = "does not follow its author's entry before it: one was dropped, added or reordered"
	whyTime      = "is of a time before the entry before it"
	whyTree      = "is not under the signed checkpoint: it or an entry beside it was rewritten"
	whyBeyond    = "stands after the end that the record's head gives"
	whyUnread    = "cannot be read"
	whyNoNode    = "is right, but a stored hash of the tree above it cannot be read"
	whyNode      = "is right, but the tree's stored hashes above it were altered"
)

// A Checker checks a record entry by entry while something else is done with
// the entries, and leaves what is needed to go on growing the record. Entries
// that are withheld from the reader may be among them.
type Checker struct {
	name     Name
	tree     edge
	authors  map[string]Author
	seen     map[string]int64 // for each author, withheld as it then was
	withheld int64
	last     time.Time
	done     []Node // nodes that the last entry completed
	buf      []byte
}

// NewChecker returns a Checker for a record from its first entry on.
func NewChecker(name Name) *Checker {
	return &Checker{
		name:    name,
		authors: make(map[string]Author),
		seen:    make(map[string]int64),
		buf:     make([]byte, 1, 512),
	}
}

// Add checks the record's next entry: number, header against leaf,
// commitments, evidence, the author's chain and the order of time. The error
// is a [*FalseEntry]. Words that were destroyed are accepted. What cannot be
// seen of one entry, the head will show: see [Checker.Done].
func (c *Checker) Add(e Entry) error {
	if e.Content != nil && !c.leafHolds(e) {
		return c.no(c.tree.size+1, whyHeader)
	}
	return c.add(e)
}

// leafHolds reports whether an entry's leaf is that of its header.
func (c *Checker) leafHolds(e Entry) bool {
	if e.Content.Header.Check() != nil {
		return false
	}
	c.buf = e.Content.Header.appendTo(c.buf[:1])
	return leafHash(c.buf) == e.Leaf
}

// add is Add of an entry whose leaf is known to be that of its header.
func (c *Checker) add(e Entry) error {
	number := c.tree.size + 1
	if e.Number != number {
		return c.no(number, whyMissing)
	}
	if e.Content == nil {
		c.withheld++
	} else if why := c.content(e); why != "" {
		return c.no(number, why)
	}
	c.done = c.tree.add(e.Leaf, c.done[:0])
	return nil
}

func (c *Checker) content(e Entry) (why string) {
	h := &e.Content.Header
	switch {
	case h.Record != c.name || h.Number != e.Number:
		return whyHeader
	case Commit(Structure, e.Content.Structure) != h.Structure:
		return whyStructure
	case e.Content.Words != nil && Commit(Words, *e.Content.Words) != h.Words:
		return whyWords
	case EvidenceDigest(e.Content.Evidence) != h.Evidence:
		return whyEvidence
	case h.Time.Before(c.last):
		return whyTime
	case !c.follows(h):
		return whyAuthor
	}
	c.authors[h.Seat] = Author{h.AuthorSeq, e.Leaf}
	if c.withheld > 0 {
		c.seen[h.Seat] = c.withheld
	}
	c.last = h.Time
	return ""
}

// follows reports whether h can be its author's next entry: the very next of
// those seen, or later by no more than what was withheld in between.
func (c *Checker) follows(h *Header) bool {
	author := c.authors[h.Seat]
	gap := h.AuthorSeq - author.Seq - 1
	if gap == 0 {
		return h.AuthorPrev == author.Prev
	}
	return gap > 0 && gap <= c.withheld-c.seen[h.Seat] && h.AuthorPrev != author.Prev
}

// Done checks that the entries added are the whole record up to head, and that
// the house has signed it. It fails with a [*FalseEntry] if entries are
// missing at the end; if the tree is not the signed one, it cannot tell which
// entry is the false one, and [Audit] can.
func (c *Checker) Done(head Head, v Verifier) error {
	if c.tree.size < head.Size {
		return c.no(c.tree.size+1, whyCut)
	}
	if head.Size == 0 && c.tree.size == 0 {
		return nil
	}
	root := c.tree.root()
	if c.tree.size != head.Size || root != head.Root || !equalNodes(c.tree.nodes(), head.Frontier) {
		return fmt.Errorf("the entries of %s are not those under its head of %d", c.name, head.Size)
	}
	if c.withheld == 0 && !c.last.Equal(head.Last) {
		return fmt.Errorf("the head of %s gives another time for its last entry", c.name)
	}
	p, err := ParseCheckpoint(head.Note)
	if err != nil {
		return fmt.Errorf("the head of %s: %w", c.name, err)
	}
	if err := c.under(p); err != nil {
		return err
	}
	return v.verify(p, c.name)
}

// under checks that the entries added so far are just those under a
// checkpoint, whoever signed it.
func (c *Checker) under(p Checkpoint) error {
	if p.Size != c.tree.size || p.Root != c.tree.root() {
		return fmt.Errorf("the entries of %s are not those under its checkpoint of %d", c.name, p.Size)
	}
	return nil
}

// Size is the number of entries added.
func (c *Checker) Size() int64 { return c.tree.size }

// Root is the root of the tree of the entries added.
func (c *Checker) Root() Hash { return c.tree.root() }

// Frontier is the right edge of that tree, as a [Head] keeps it.
func (c *Checker) Frontier() []Node { return c.tree.nodes() }

// Authors is how far each seat has come. The map is the Checker's own: take it
// over once the last entry was added.
func (c *Checker) Authors() map[string]Author { return c.authors }

func (c *Checker) no(number int64, why string) error {
	return &FalseEntry{Record: c.name, Number: number, Why: why}
}

func equalNodes(a, b []Node) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
