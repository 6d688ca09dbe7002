// Package certificate holds proofs that a deal is the best one, or that no
// deal can be better than a stated bound, and checks them.
//
// It owns the form of a proof and its checker. The checker works in whole
// numbers only, knows nothing of how the proof was found and imports no
// solver, so that a person who doubts the engine need only trust this page
// of arithmetic. It promises that a proof it accepts is true of the tables
// it was given, and that a proof in which any field was altered is refused.
// It will not search for a better proof, round, or run without bound.
//
// # How a proof works
//
// The gain of party p from a deal is Offset[p] plus the values of its
// options. Whole-number prices λ ≥ 0 on the parties' gains give each deal a
// weighted worth λ·gain, whose maximum D over all deals is found issue by
// issue. Any deal better than the claimed one must have a worth of at least
// some need(λ) — by the inequality of arithmetic and geometric means for a
// product, by adding up thresholds for a least share, by adding floors for a
// sum. If need > D nothing is better. Otherwise every better deal loses at
// most D - need against the best choice in each issue, which leaves few
// deals; the checker lists them in two halves and looks at every pair that
// could matter.
package certificate

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
)

// Aim is what a deal is best at.
type Aim string

// The aims.
const (
	// Product: the largest Π gain[p]^Weights[p], all gains positive (Nash).
	Product Aim = "product"
	// Least: the largest least share gain[p]/Scale[p]; among those the
	// largest second least, and so on (leximin; Kalai-Smorodinsky when Scale
	// is the parties' ideal gains).
	Least Aim = "least"
	// Sum: the largest Σ Weights[p]·gain[p].
	Sum Aim = "sum"
)

// None is the floor of a party that has none.
const None = -1 << 62

// Question is what the proof answers.
type Question struct {
	Aim     Aim     `json:"aim"`
	Weights []int64 `json:"weights,omitempty"` // Product: 1..64 (0: party only needs its floor); Sum: ≥ 0
	Scale   []int64 `json:"scale,omitempty"`   // Least: > 0
	Floors  []int64 `json:"floors,omitempty"`  // least gain a deal may give each party; None: any
}

// Tables are the scorings a proof speaks about, in whole numbers: the gain of
// party p from a deal is Offset[p] + Σ_i Values[i][deal[i]*Parties+p].
type Tables struct {
	Parties int
	Offset  []int64
	Values  [][]int64
}

// Proof claims that Deal is the best under Question (Exact), or that nothing
// is better than Bound.
type Proof struct {
	Tables   string   `json:"tables"` // digest of the tables, hexadecimal
	Question Question `json:"question"`
	Deal     []uint16 `json:"deal,omitempty"` // absent in a proof that there is no deal
	Exact    bool     `json:"exact"`
	Bound    *big.Rat `json:"bound,omitempty"` // of the product, the least share or the sum
	Prices   []int64  `json:"prices"`          // λ, ≥ 0, not all 0
	// Scales prove, where Question.Scale is the parties' ideal gains, that
	// each is the largest gain the party can have; one for each party or none.
	Scales []*Proof `json:"scales,omitempty"`
	Seal   string   `json:"seal"` // digest of all the above
}

// Digest is the digest by which a proof names its tables.
func (t *Tables) Digest() string {
	h := sha256.New()
	word := func(v int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(v))
		h.Write(b[:])
	}
	h.Write([]byte("parley tables v1\n"))
	word(int64(t.Parties))
	for _, v := range t.Offset {
		word(v)
	}
	word(int64(len(t.Values)))
	for _, vs := range t.Values {
		word(int64(len(vs)))
		for _, v := range vs {
			word(v)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// seal is the digest of every field but Seal itself.
func (p *Proof) seal() string {
	h := sha256.New()
	fmt.Fprintf(h, "parley proof v1\n%s\n%s %d %d %d\n%d %t %v\n%d\n", p.Tables,
		p.Question.Aim, p.Question.Weights, p.Question.Scale, p.Question.Floors, p.Deal, p.Exact, p.Bound, p.Prices)
	for _, s := range p.Scales {
		fmt.Fprintf(h, "%s\n", s.seal())
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Close sets the seal; whoever makes a proof calls it last.
func (p *Proof) Close() *Proof {
	p.Seal = p.seal()
	return p
}
