package bargain

import (
	"math/big"

	"parley/internal/certificate"
)

// Point is a deal with what it is worth to each party, in the template's
// order of parties, in units of 1/Problem.Denominator(party).
type Point struct {
	Utilities []int64
	Deal      Deal
}

// Kind says how far an answer can be trusted.
type Kind int

const (
	// Exact: proved optimal or complete, in integers.
	Exact Kind = iota
	// Within: proved to lie within Guarantee.Eps of the optimum.
	Within
	// Stopped: a limit was reached before anything useful was proved; what is
	// given is true but may be far from the best or incomplete.
	Stopped
)

// String names the kind.
func (k Kind) String() string { return [...]string{"exact", "within", "stopped"}[k] }

// Limit names what ended a search before its proof was complete.
type Limit string

// The limits.
const (
	NoLimit      Limit = ""
	Cancelled    Limit = "cancelled"     // the context ended
	PointLimit   Limit = "point-limit"   // Budget.Points
	PartialLimit Limit = "partial-limit" // Budget.Partials
)

// Guarantee is what is proved about an answer.
type Guarantee struct {
	Kind Kind
	// Eps is the proved distance when Kind is Within. For a solution it is
	// the gap between what the deal reaches and what nothing can pass, as a
	// share of the latter (0.01: at most 1 % better is possible; for a Nash
	// product, of the geometric mean gain). For a frontier or a cover it is a
	// share of each party's range: no deal gives everybody more than some
	// listed point plus Eps·range.
	Eps   float64
	Limit Limit
	// Proof is checked by package certificate alone; nil where the answer
	// rests on elimination or enumeration, which leave no short proof.
	Proof *certificate.Proof
}

// Frontier is the set of points that no deal improves on for one party
// without loss to another, one point for each utility vector, sorted by the
// first party's utility from high to low, then the second's.
type Frontier struct {
	Points    []Point
	Guarantee Guarantee
}

// Region bounds what a frontier lists: only points that give each party at
// least its floor. The zero Region is everything.
type Region struct {
	Floor []int64 // in units, one for each party; nil: none
}

// AboveReserves is the region in which nobody is worse off than at the
// disagreement point.
func (p *Problem) AboveReserves() Region { return Region{Floor: append([]int64(nil), p.reserve...)} }

// Budget bounds the work of one question. Zero values mean the defaults.
type Budget struct {
	Points   int // frontier points kept at any stage; default 2,000,000
	Partials int // partial deals listed at once by a proof; default 1,000,000
}

func (b Budget) points() int {
	if b.Points > 0 {
		return b.Points
	}
	return 2_000_000
}

func (b Budget) partials() int {
	if b.Partials > 0 {
		return b.Partials
	}
	return 1_000_000
}

// Progress is told now and then during long work.
type Progress struct {
	Phase       string  // "frontier", "solve", "cover", "enumerate", "eliminate", "sensitivity"
	Done, Total int64   // Total 0 when not known
	Lower       float64 // best value found of the objective, where there is one
	Upper       float64 // proved bound
}

// Options tune a question. The zero value is good.
type Options struct {
	Budget     Budget
	OnProgress func(Progress) // called from the solving goroutine; may be nil
}

func (o Options) tell(p Progress) {
	if o.OnProgress != nil {
		o.OnProgress(p)
	}
}

// Ties tells how many different deals share an answer's utilities. AtLeast
// says that counting stopped early and there may be more.
type Ties struct {
	Deals   *big.Int
	AtLeast bool
}
