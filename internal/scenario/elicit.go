package scenario

import (
	"fmt"

	"parley/internal/bargain"
)

// These functions help a party to put numbers on what it wants. They are arithmetic on its own answers and reach no
// decision for it; what contradicts itself is said, not corrected.

// Swing turns swings into weights (von Winterfeldt and Edwards 1986). For each issue the party says how much going from
// its worst option to its best is worth, compared with the largest such swing, which is commonly called 100. The weights
// are the swings divided by their sum, exactly.
func Swing(swings []bargain.Number) ([]bargain.Number, error) {
	var sum bargain.Number
	for i, s := range swings {
		if s.Sign() < 0 {
			return nil, fmt.Errorf("the swing of issue %d is %s; swings are 0 or more", i+1, s)
		}
		sum = sum.Add(s)
	}
	if sum.Sign() == 0 {
		return nil, fmt.Errorf("every swing is 0; at least one issue must matter")
	}
	out := make([]bargain.Number, len(swings))
	for i, s := range swings {
		out[i] = s.Quo(sum)
	}
	return out, nil
}

// SMARTER turns a ranking of issues into weights by rank-order centroids (Edwards and Barron 1994): the k-th of n has the
// weight (1/k + 1/(k+1) + … + 1/n)/n, the centre of all weights that agree with the ranking. Rank 1 matters most; equal
// ranks share the weights of the places they take: with ranks 1, 2, 2 the last two have the mean of second and third.
func SMARTER(ranks []int) ([]bargain.Number, error) {
	n := len(ranks)
	if n == 0 || n > bargain.MaxIssues {
		return nil, fmt.Errorf("there are %d ranks; a ranking has 1 to %d", n, bargain.MaxIssues)
	}
	places := make([]int, n+2) // how many hold each rank
	for i, r := range ranks {
		if r < 1 || r > n {
			return nil, fmt.Errorf("the rank of issue %d is %d; ranks run from 1 to %d", i+1, r, n)
		}
		places[r]++
	}
	shared := make([]bargain.Number, n+1)
	place := 1
	for r := 1; r <= n; r++ {
		if places[r] == 0 {
			continue
		}
		var sum bargain.Number
		for range places[r] {
			sum = sum.Add(centroid(place, n))
			place++
		}
		shared[r] = sum.Quo(bargain.Whole(int64(places[r])))
	}
	out := make([]bargain.Number, n)
	for i, r := range ranks {
		out[i] = shared[r]
	}
	return out, nil
}

// centroid is the weight of the k-th of n.
func centroid(k, n int) bargain.Number {
	var sum bargain.Number
	for i := k; i <= n; i++ {
		sum = sum.Add(bargain.Ratio(1, int64(i)))
	}
	return sum.Quo(bargain.Whole(int64(n)))
}

// Rate turns points given directly to the options of one issue into values from 0 for the worst to 1 for the best, so
// that the issue's weight alone says how much it matters.
func Rate(points []bargain.Number) ([]bargain.Number, error) {
	if len(points) == 0 {
		return nil, fmt.Errorf("there are no points; give every option some")
	}
	lo, hi := points[0], points[0]
	for _, p := range points {
		if p.Cmp(lo) < 0 {
			lo = p
		}
		if p.Cmp(hi) > 0 {
			hi = p
		}
	}
	if lo.Equal(hi) {
		return nil, fmt.Errorf("every option has %s points; if none is better than another, give the issue the weight 0", lo)
	}
	out := make([]bargain.Number, len(points))
	for i, p := range points {
		out[i] = p.Sub(lo).Quo(hi.Sub(lo))
	}
	return out, nil
}

// DoubtWeights compares a ranking with weights given otherwise, such as by swings, and remarks on every neighbouring pair
// in the ranking that the weights put the other way round.
func DoubtWeights(issues []string, ranks []int, weights []bargain.Number) []Warning {
	n := &notes{}
	for i := range issues {
		for j := range issues {
			if ranks[i] < ranks[j] && weights[i].Cmp(weights[j]) < 0 {
				n.add(Place{}, "%q is ranked above %q, yet weighs %s against %s", issues[i], issues[j], brief(weights[i]), brief(weights[j]))
			}
		}
	}
	return n.all()
}

// Comparison is what a party says of two whole packages: that it would rather have the first, or that it does not mind.
type Comparison struct {
	First, Second bargain.Deal
	Alike         bool
}

// Doubt remarks on every comparison that a scoring contradicts. The deals must fit the scenario.
func (s *Scenario) Doubt(party string, said []Comparison) ([]Warning, error) {
	n := &notes{}
	for k, c := range said {
		a, err := s.Worth(party, c.First)
		if err != nil {
			return nil, err
		}
		b, err := s.Worth(party, c.Second)
		if err != nil {
			return nil, err
		}
		switch {
		case c.Alike && !a.Equal(b):
			n.add(Place{}, "comparison %d calls two packages alike that are worth %s and %s by these numbers", k+1, brief(a), brief(b))
		case !c.Alike && a.Cmp(b) <= 0:
			n.add(Place{}, "comparison %d prefers a package worth %s to one worth %s by these numbers", k+1, brief(a), brief(b))
		}
	}
	return n.all(), nil
}
