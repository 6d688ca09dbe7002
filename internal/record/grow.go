package record

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrEarlier means that an entry's time is before that of the entry before it.
var ErrEarlier = errors.New("the time is earlier than that of the record's last entry")

// A Draft is an entry to be made.
type Draft struct {
	Time      time.Time // cut to whole microseconds
	Seat      string
	Structure []byte
	Words     []byte // may be empty; committed to all the same
	Evidence  []byte // nil if none
}

// An Author is how far one seat has come in one record.
type Author struct {
	Seq  int64 // the author's entries so far
	Prev Hash  // leaf of the last of them
}

// A Growth is a record's next entries, complete and signed, before anything of
// it is stored.
type Growth struct {
	Batch   Batch
	Authors map[string]Author // of those who wrote: apply them once the batch is durable

	before []Node // frontier of the head grown from
}

// Grow makes the entries that follow head from drafts: numbers, salts,
// commitments, headers and leaves; the nodes they complete; and the new head,
// signed. It changes none of its arguments and asks nobody: whether the record
// still ends at head is for the store to say. It returns [ErrEarlier] if time
// would run backwards.
func Grow(name Name, head Head, authors map[string]Author, chance Chance, sign Signer, drafts ...Draft) (Growth, error) {
	if len(drafts) == 0 {
		return Growth{}, errors.New("a record grows by at least one entry")
	}
	tree, err := edgeOf(head)
	if err != nil {
		return Growth{}, fmt.Errorf("growing %s: %w", name, err)
	}
	g := Growth{
		Batch:   Batch{Record: name, After: head.Size, Entries: make([]Entry, 0, len(drafts)), Nodes: make([]Node, 0, len(drafts)+4)},
		Authors: make(map[string]Author, 1),
		before:  head.Frontier,
	}
	last := head.Last
	for _, d := range drafts {
		author, ok := g.Authors[d.Seat]
		if !ok {
			author = authors[d.Seat]
		}
		e := d.entry(name, tree.size+1, author, chance)
		if err := e.Content.Header.Check(); err != nil {
			return Growth{}, err
		}
		if e.Content.Header.Time.Before(last) {
			return Growth{}, fmt.Errorf("entry %d of %s: %w", e.Number, name, ErrEarlier)
		}
		last = e.Content.Header.Time
		g.Authors[d.Seat] = Author{author.Seq + 1, e.Leaf}
		g.Batch.Entries = append(g.Batch.Entries, e)
		g.Batch.Nodes = tree.add(e.Leaf, g.Batch.Nodes)
	}
	root := tree.root()
	text, err := sign.Checkpoint(name, tree.size, root)
	if err != nil {
		return Growth{}, err
	}
	g.Batch.Head = Head{Size: tree.size, Root: root, Frontier: tree.nodes(), Last: last, Note: text}
	return g, nil
}

// entry completes a draft.
func (d Draft) entry(name Name, number int64, author Author, chance Chance) Entry {
	structure := Opening{chance.Draw(name, number, "structure salt"), d.Structure}
	words := Opening{chance.Draw(name, number, "words salt"), d.Words}
	h := Header{
		Record:     name,
		Number:     number,
		Time:       d.Time.UTC().Truncate(time.Microsecond),
		Seat:       d.Seat,
		AuthorSeq:  author.Seq + 1,
		AuthorPrev: author.Prev,
		Structure:  Commit(Structure, structure),
		Words:      Commit(Words, words),
		Evidence:   EvidenceDigest(d.Evidence),
	}
	return Entry{number, h.Leaf(), &Content{h, structure, &words, d.Evidence}}
}

// Receipt is the proof that one of the new entries stands in the record at its
// new head. It reads no store: what the batch was grown from suffices.
func (g Growth) Receipt(number int64) (Receipt, error) {
	i := number - g.Batch.After - 1
	if i < 0 || i >= int64(len(g.Batch.Entries)) {
		return Receipt{}, fmt.Errorf("entry %d is not one of those just made of %s", number, g.Batch.Record)
	}
	proof, err := tlog.ProveRecord(g.Batch.Head.Size, number-1, tlog.HashReaderFunc(g.hashes))
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{g.Batch.Record, number, g.Batch.Entries[i].Leaf, proof, g.Batch.Head.Note}, nil
}

// hashes finds the hashes of the tree that growing touched.
func (g Growth) hashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, 0, len(indexes))
	for _, index := range indexes {
		h, ok := g.hash(index)
		if !ok {
			return nil, fmt.Errorf("the hash at %d is not at the edge of the tree", index)
		}
		out = append(out, h)
	}
	return out, nil
}

func (g Growth) hash(index int64) (Hash, bool) {
	if i := slices.IndexFunc(g.before, func(n Node) bool { return n.Index == index }); i >= 0 {
		return g.before[i].Hash, true
	}
	if level, n := tlog.SplitStoredHashIndex(index); level == 0 {
		i := n - g.Batch.After
		if i < 0 || i >= int64(len(g.Batch.Entries)) {
			return Hash{}, false
		}
		return g.Batch.Entries[i].Leaf, true
	}
	nodes := g.Batch.Nodes
	i := sort.Search(len(nodes), func(i int) bool { return nodes[i].Index >= index })
	if i == len(nodes) || nodes[i].Index != index {
		return Hash{}, false
	}
	return nodes[i].Hash, true
}
