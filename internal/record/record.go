// Package record keeps what happened, in order and for good.
//
// A record is a list of entries numbered from one. What an entry says is held
// in two parts, its structure (what the talks need to go on) and its words
// (what people said, and their names); each is committed to with a salt of its
// own, so that a part may be withheld from a reader, or destroyed for
// everybody, and everything else still verifies. The commitments stand in the
// entry's [Header]; the hash of the header is a leaf of an RFC 6962 tree; the
// head of the tree is signed as a C2SP checkpoint. Whoever holds the
// checkpoint can check every entry they may read, and can tell a record that
// was altered, reordered, cut short or forked from the one they were shown.
//
// The package owns the header, the commitments, the tree, checkpoints,
// proofs, receipts, anchors and the exported bundle, and it says in [Log] what
// a store of records promises. It knows nothing of what entries mean, of who
// may read them, or of where they are stored; it reads no clock and draws no
// random numbers (see [Chance]).
package record

import (
	"context"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A Name identifies a record in its house: the talks' id, a slash, and
// "joint", "public" or "room/" with 32 hexadecimal digits. It is at most 200
// bytes of [a-z0-9/-]. Names of room records are told only to those in the room.
type Name string

// A Hash is a SHA-256 of 32 bytes.
type Hash = tlog.Hash

// An Entry is one thing that happened. An entry that is not for its reader has
// no Content: its number and leaf are all there is to it.
type Entry struct {
	Number  int64    // from 1; the leaf's index in the tree is Number-1
	Leaf    Hash     // RFC 6962 leaf hash of the header
	Content *Content // nil if withheld
}

// Content is what an entry says, with what is needed to check it.
type Content struct {
	Header    Header
	Structure Opening  // always there
	Words     *Opening // nil once destroyed
	Evidence  []byte   // a signature over a binding act; nil if none
}

// An Opening is the salt and the bytes that a commitment commits to.
type Opening struct {
	Salt  [32]byte
	Bytes []byte
}

// A Header is what the tree commits to: version 1 of it. Its bytes are
// length-prefixed (cryptobyte) and are the same for ever.
type Header struct {
	Record     Name
	Number     int64
	Time       time.Time // UTC, whole microseconds: when the desk entered it
	Seat       string    // key of the author's seat; never a name or a login
	AuthorSeq  int64     // the author's own count in this record, from 1
	AuthorPrev Hash      // leaf of the author's entry before in this record; zero for the first
	Structure  Hash      // commitment to the structure
	Words      Hash      // commitment to the words
	Evidence   Hash      // digest of the evidence; zero if there is none
}

// A Node is a hash of the tree above its leaves, by [tlog.StoredHashIndex].
type Node struct {
	Index int64
	Hash  Hash
}

// A Head is where a record ends. The zero Head is that of a record with no
// entries, which is to say of one that does not exist.
type Head struct {
	Size     int64     // number of the last entry
	Root     Hash      // of the tree of that size
	Frontier []Node    // the complete subtrees at the right edge, largest first; a leaf may be among them
	Last     time.Time // time of the last entry
	Note     []byte    // the signed checkpoint
}

// A Batch is what one transaction adds to one record.
type Batch struct {
	Record  Name
	After   int64 // the size the record must have
	Entries []Entry
	Nodes   []Node // above the leaves, as the entries complete them
	Head    Head   // afterwards
}

// A Request is remembered, so that the same submission made twice has one
// effect and one answer. Key is derived from talks, seat, act and the id
// which the sender chose; Body is the digest of what was asked.
type Request struct {
	Key    Hash
	Body   Hash
	Answer []byte // how to give the first answer again; opaque to stores
}

// A Transaction is entered whole or not at all.
type Transaction struct {
	Batches  []Batch
	Requests []Request
	// Destroy takes the words of these entries away for good. Headers, leaves
	// and structures stay.
	Destroy []Place
}

// A Place is one entry of one record.
type Place struct {
	Record Name
	Number int64
}

// A Log stores records. Implementations pass recordtest.TestLog; the suite is
// the definition, and these are its headlines:
//
//   - When Append returns nil, the transaction is durable. When it returns an
//     error, nothing of the transaction is there, unless the error wraps
//     [ErrUnknownOutcome], after which the caller must read before it goes on.
//   - Entries, their nodes, the heads and the requests become visible at once.
//   - Reading sees only what is durable.
//   - Methods may be called from any number of goroutines. Concurrent Appends
//     may share a disk flush.
type Log interface {
	// Append enters t. If a record's size is not what its batch says, it
	// changes nothing and returns [ErrStale]; if a request's key is known, it
	// changes nothing and returns [ErrRepeated], also where both are so. What
	// [Transaction.Check] refuses is refused.
	Append(ctx context.Context, t Transaction) error

	// Read yields the entries of a record that follow number after, in order.
	// Of a record that does not exist it yields none.
	Read(ctx context.Context, name Name, after int64) iter.Seq2[Entry, error]

	// Head returns the head of a record, zero if there is no such record.
	Head(ctx context.Context, name Name) (Head, error)

	// Hashes returns the tree's hashes at these indexes (leaves included), or
	// an error if one of them is not stored.
	Hashes(ctx context.Context, name Name, indexes []int64) ([]Hash, error)

	// Note returns the signed checkpoint of the first transaction that made the
	// record at least as long as size, and that transaction's size.
	Note(ctx context.Context, name Name, size int64) (note []byte, at int64, err error)

	// Names returns the names of all records whose name begins with prefix, in
	// order of name.
	Names(ctx context.Context, prefix string) ([]Name, error)

	// Request returns what is remembered of a request; ok is false if nothing is.
	Request(ctx context.Context, key Hash) (r Request, ok bool, err error)
}
