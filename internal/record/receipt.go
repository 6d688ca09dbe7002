package record

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/tlog"
)

// A Receipt proves that an entry stands in a record at a signed head. Whoever
// made the entry keeps it: a later record that contradicts it convicts the house.
type Receipt struct {
	Record Name
	Number int64
	Leaf   Hash
	Proof  tlog.RecordProof // from the leaf up
	Note   []byte           // the signed checkpoint
}

// maxReceipt is the length, in bytes, beyond which nothing is a receipt: a
// proof has at most 63 hashes.
const maxReceipt = 16 << 10

// Marshal writes the receipt as a C2SP tlog-proof; its extra line holds the leaf.
func (r Receipt) Marshal() []byte {
	p := proof.TLogProof{Index: uint64(r.Number - 1), Checkpoint: r.Note, ExtraData: r.Leaf[:]}
	for _, h := range r.Proof {
		p.Hashes = append(p.Hashes, h)
	}
	return p.Marshal()
}

// ParseReceipt reads a C2SP tlog-proof as Marshal writes it, and nothing else.
// It does not verify; see [Receipt.Verify].
func ParseReceipt(text []byte) (Receipt, error) {
	if len(text) > maxReceipt {
		return Receipt{}, fmt.Errorf("the receipt is longer than %d bytes", maxReceipt)
	}
	var p proof.TLogProof
	if err := p.Unmarshal(text); err != nil {
		return Receipt{}, fmt.Errorf("the receipt is malformed: %w", err)
	}
	// The borrowed parser is lenient with base64 and line ends.
	if !bytes.Equal(p.Marshal(), text) {
		return Receipt{}, errors.New("the receipt is malformed: it is not spelled as parley writes it")
	}
	if len(p.ExtraData) != len(Hash{}) || p.Index >= 1<<62 || len(p.Hashes) > 63 {
		return Receipt{}, errors.New("the receipt is malformed: leaf, index or number of hashes is out of bounds")
	}
	c, err := ParseCheckpoint(p.Checkpoint)
	if err != nil {
		return Receipt{}, err
	}
	_, name, _ := strings.Cut(c.Origin, "/")
	if err := Name(name).Check(); err != nil {
		return Receipt{}, fmt.Errorf("the receipt is malformed: %w", err)
	}
	r := Receipt{Record: Name(name), Number: int64(p.Index) + 1, Leaf: Hash(p.ExtraData), Note: p.Checkpoint, Proof: tlog.RecordProof{}}
	for _, h := range p.Hashes {
		r.Proof = append(r.Proof, h)
	}
	return r, nil
}

// Verify returns an error unless the house has signed that the entry with this
// leaf stands in the record at the receipt's number. If what is at hand is the
// entry's header, its Leaf is what to ask for.
func (r Receipt) Verify(v Verifier, leaf Hash) error {
	if r.Leaf != leaf {
		return fmt.Errorf("the receipt is for another entry than this one")
	}
	c, err := v.Checkpoint(r.Record, r.Note)
	if err != nil {
		return fmt.Errorf("the receipt for entry %d of %s does not hold: %w", r.Number, r.Record, err)
	}
	if r.Number < 1 || r.Number > c.Size || tlog.CheckRecord(r.Proof, c.Size, c.Root, r.Number-1, leaf) != nil {
		return fmt.Errorf("the receipt does not prove that entry %d stands in %s", r.Number, r.Record)
	}
	return nil
}
