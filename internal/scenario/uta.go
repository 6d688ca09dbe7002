package scenario

import (
	"fmt"
	"math/big"

	"parley/internal/bargain"
)

// Holistic is what comparisons of whole packages say about an additive worth (UTA, Jacquet-Lagrèze and Siskos 1982, with
// the post-optimal averaging of UTASTAR).
type Holistic struct {
	// Values hold, by issue and option in the template's order, what each option brings; an issue's worst brings 0, and
	// the bests of all issues bring 1 together. They are the mean of the solutions that favour each issue most.
	Values [][]bargain.Number
	// Least and Most bound each issue's weight, that is what its best option brings, over everything that agrees with the
	// comparisons equally well. A wide range says that more comparisons are worth asking for.
	Least, Most []bargain.Number
	// Errors hold, for each comparison, by how much it must be set aside; all 0 means that the comparisons agree.
	Errors []bargain.Number
	// Error is their sum, the least possible.
	Error bargain.Number
}

// Bounds of the linear programs, which are solved in exact fractions.
const (
	maxSteps       = 120
	maxComparisons = 60
)

// UTA finds worths that agree best with comparisons. order lists, for each issue, its options (as indices) from worst to
// best; what the steps between them are worth is what is sought. A preferred package must be worth more by at least step,
// such as 0.01. It returns an error for input that does not fit together, never for comparisons that contradict each
// other: those come back as Errors.
func UTA(order [][]int, said []Comparison, step bargain.Number) (*Holistic, error) {
	u, err := newUTA(order, said, step)
	if err != nil {
		return nil, err
	}
	u.minimise(u.errorCosts())
	h := &Holistic{Errors: make([]bargain.Number, len(said))}
	x := u.solution()
	for k, cols := range u.errors {
		for _, c := range cols {
			h.Errors[k] = h.Errors[k].Add(bargain.FromRat(x[c]))
		}
		h.Error = h.Error.Add(h.Errors[k])
	}
	u.freeze()
	mean := make([]*big.Rat, u.steps)
	for j := range mean {
		mean[j] = new(big.Rat)
	}
	for i := range order {
		u.minimise(u.weightCosts(i, 1))
		h.Least = append(h.Least, u.weight(i))
		u.minimise(u.weightCosts(i, -1))
		h.Most = append(h.Most, u.weight(i))
		x := u.solution()
		for j := range mean {
			mean[j].Add(mean[j], x[j])
		}
	}
	for j := range mean {
		mean[j].Quo(mean[j], big.NewRat(int64(len(order)), 1))
	}
	for i, options := range order {
		vs, sum := make([]bargain.Number, len(options)), new(big.Rat)
		for place, o := range options {
			if place > 0 {
				sum.Add(sum, mean[u.first[i]+place-1])
			}
			vs[o] = bargain.FromRat(sum)
		}
		h.Values = append(h.Values, vs)
	}
	return h, nil
}

// uta is a linear program in canonical form: rows·x = right, x ≥ 0, with a basis. The variables are the steps between
// neighbouring options, then what comparisons need: errors and slack.
type uta struct {
	steps  int
	first  []int   // issue → its first step
	place  [][]int // issue, option → its place from the worst
	errors [][]int // comparison → its error variables
	rows   [][]*big.Rat
	right  []*big.Rat
	basis  []int
	frozen []bool
	costs  []*big.Rat // reduced
}

func newUTA(order [][]int, said []Comparison, step bargain.Number) (*uta, error) {
	u := &uta{}
	for i, options := range order {
		place := make([]int, len(options))
		for k := range place {
			place[k] = -1
		}
		for k, o := range options {
			if o < 0 || o >= len(options) || place[o] >= 0 {
				return nil, fmt.Errorf("the order of issue %d should name each of its %d options once", i+1, len(options))
			}
			place[o] = k
		}
		if len(options) == 0 {
			return nil, fmt.Errorf("issue %d has no options", i+1)
		}
		u.first, u.place = append(u.first, u.steps), append(u.place, place)
		u.steps += len(options) - 1
	}
	if u.steps == 0 || u.steps > maxSteps || len(said) > maxComparisons {
		return nil, fmt.Errorf("there are %d steps between options and %d comparisons; 1 to %d and at most %d are taken", u.steps, len(said), maxSteps, maxComparisons)
	}
	if step.Sign() <= 0 || step.Cmp(bargain.Whole(1)) > 0 {
		return nil, fmt.Errorf("the least difference %s should lie above 0 and at most at 1", step)
	}
	n := u.steps + 2*len(said)
	all := make([]*big.Rat, n)
	for j := range all {
		all[j] = new(big.Rat)
		if j < u.steps {
			all[j].SetInt64(1)
		}
	}
	u.rows, u.right, u.basis = [][]*big.Rat{all}, []*big.Rat{big.NewRat(1, 1)}, []int{0}
	u.frozen = make([]bool, n)
	for k, c := range said {
		if err := u.compare(k, c, step.Rat(), n); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// compare adds the row of a comparison: worth(first) − worth(second) + error − slack = step, or for packages called
// alike + error − error = 0. The first step of all is basic in the first row, so it is eliminated here; then the error or
// the slack can be basic, whichever has the sign for it. Thus there is a feasible basis from the start.
func (u *uta) compare(k int, c Comparison, step *big.Rat, n int) error {
	if len(c.First) != len(u.place) || len(c.Second) != len(u.place) {
		return fmt.Errorf("comparison %d is of packages that do not settle %d issues", k+1, len(u.place))
	}
	row, right := make([]*big.Rat, n), new(big.Rat)
	for j := range row {
		row[j] = new(big.Rat)
	}
	for i, place := range u.place {
		if int(c.First[i]) >= len(place) || int(c.Second[i]) >= len(place) {
			return fmt.Errorf("comparison %d picks an option that issue %d does not have", k+1, i+1)
		}
		for p := range place[c.First[i]] {
			row[u.first[i]+p].Add(row[u.first[i]+p], big.NewRat(1, 1))
		}
		for p := range place[c.Second[i]] {
			row[u.first[i]+p].Sub(row[u.first[i]+p], big.NewRat(1, 1))
		}
	}
	plus, minus := u.steps+2*k, u.steps+2*k+1
	row[plus].SetInt64(1)
	row[minus].SetInt64(-1)
	u.errors = append(u.errors, []int{plus})
	if c.Alike {
		u.errors[k] = append(u.errors[k], minus)
	} else {
		right.Set(step)
	}
	subtract(row, right, u.rows[0], u.right[0], new(big.Rat).Set(row[0]))
	basic := plus
	if right.Sign() < 0 {
		for j := range row {
			row[j].Neg(row[j])
		}
		right.Neg(right)
		basic = minus
	}
	u.rows, u.right, u.basis = append(u.rows, row), append(u.right, right), append(u.basis, basic)
	return nil
}

// subtract takes f times one row from another.
func subtract(row []*big.Rat, right *big.Rat, from []*big.Rat, fromRight, f *big.Rat) {
	if f.Sign() == 0 {
		return
	}
	t := new(big.Rat)
	for j := range row {
		if from[j].Sign() != 0 {
			row[j].Sub(row[j], t.Mul(f, from[j]))
		}
	}
	right.Sub(right, t.Mul(f, fromRight))
}

func (u *uta) errorCosts() []*big.Rat {
	c := u.zero()
	for _, cols := range u.errors {
		for _, j := range cols {
			c[j].SetInt64(1)
		}
	}
	return c
}

func (u *uta) weightCosts(issue int, sign int64) []*big.Rat {
	c := u.zero()
	for j := u.first[issue]; j < u.first[issue]+len(u.place[issue])-1; j++ {
		c[j].SetInt64(sign)
	}
	return c
}

func (u *uta) zero() []*big.Rat {
	c := make([]*big.Rat, len(u.frozen))
	for j := range c {
		c[j] = new(big.Rat)
	}
	return c
}

// minimise runs the simplex method with Bland's rule, which cannot cycle, from the basis at hand. The program is bounded:
// every step lies between 0 and 1 and costs on errors are not negative.
func (u *uta) minimise(costs []*big.Rat) {
	u.costs = costs
	value := new(big.Rat)
	for r, j := range u.basis {
		subtract(u.costs, value, u.rows[r], u.right[r], new(big.Rat).Set(u.costs[j]))
	}
	for {
		enter := -1
		for j, c := range u.costs {
			if c.Sign() < 0 && !u.frozen[j] {
				enter = j
				break
			}
		}
		if enter < 0 {
			return
		}
		leave, least := -1, new(big.Rat)
		for r, row := range u.rows {
			if row[enter].Sign() <= 0 {
				continue
			}
			q := new(big.Rat).Quo(u.right[r], row[enter])
			if c := q.Cmp(least); leave < 0 || c < 0 || c == 0 && u.basis[r] < u.basis[leave] {
				leave, least = r, q
			}
		}
		if leave < 0 {
			return // unbounded is impossible here; without a row to leave there is nothing to gain either
		}
		u.pivot(leave, enter, value)
	}
}

func (u *uta) pivot(r, j int, value *big.Rat) {
	inv := new(big.Rat).Inv(u.rows[r][j])
	for _, v := range u.rows[r] {
		v.Mul(v, inv)
	}
	u.right[r].Mul(u.right[r], inv)
	for k := range u.rows {
		if k != r {
			subtract(u.rows[k], u.right[k], u.rows[r], u.right[r], new(big.Rat).Set(u.rows[k][j]))
		}
	}
	subtract(u.costs, value, u.rows[r], u.right[r], new(big.Rat).Set(u.costs[j]))
	u.basis[r] = j
}

// freeze keeps from now on to solutions as good as the present one: variables with a positive reduced cost stay 0.
func (u *uta) freeze() {
	for j, c := range u.costs {
		u.frozen[j] = c.Sign() > 0
	}
}

func (u *uta) solution() []*big.Rat {
	x := u.zero()
	for r, j := range u.basis {
		x[j].Set(u.right[r])
	}
	return x
}

func (u *uta) weight(issue int) bargain.Number {
	sum, x := new(big.Rat), u.solution()
	for j := u.first[issue]; j < u.first[issue]+len(u.place[issue])-1; j++ {
		sum.Add(sum, x[j])
	}
	return bargain.FromRat(sum)
}

// Scoring is a party's scoring with the values found: what each option brings, without weights.
func (h *Holistic) Scoring(t *bargain.Template, party string) (bargain.Scoring, error) {
	sc := bargain.Scoring{Party: party, Values: map[string]map[string]bargain.Number{}}
	if len(h.Values) != len(t.Issues) {
		return sc, fmt.Errorf("the worths are of %d issues, and the template has %d", len(h.Values), len(t.Issues))
	}
	for i, is := range t.Issues {
		if len(h.Values[i]) != len(is.Options) {
			return sc, fmt.Errorf("issue %q has %d options, and worths are known of %d", is.ID, len(is.Options), len(h.Values[i]))
		}
		sc.Values[is.ID] = map[string]bargain.Number{}
		for k, o := range is.Options {
			sc.Values[is.ID][o.ID] = h.Values[i][k]
		}
	}
	return sc, nil
}
