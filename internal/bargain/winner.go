package bargain

import (
	"fmt"
	"slices"
)

// Award is what Adjusted Winner gives of one item to the first party; the
// rest goes to the second.
type Award struct {
	Item  string
	First Number // share between 0 and 1
}

// Winner is the outcome of Adjusted Winner.
type Winner struct {
	Awards []Award   // in the order of the items given
	Points [2]Number // what each party receives by its own points
	Split  int       // the item that had to be divided, or -1
}

// AdjustedWinner divides items between two parties by the points each lays on
// them (Brams and Taylor 1996): every item goes first to whoever values it
// more, items valued alike to the second party; then items pass from the
// party that is ahead to the other, in the order in which that costs least for
// what it brings, the last one in part, until both have the same points. The
// outcome is efficient, equitable and, where both lay the same total, free of
// envy. Points must not be negative; totals need not be equal, and they are
// taken as they are.
func AdjustedWinner(items []string, first, second []Number) (Winner, error) {
	if len(items) == 0 || len(first) != len(items) || len(second) != len(items) {
		return Winner{}, &Refusal{Fault: BadScoring, Why: fmt.Sprintf("Adjusted Winner needs points from both parties for every one of the %d items", len(items))}
	}
	points := [2][]Number{first, second}
	w := Winner{Awards: make([]Award, len(items)), Split: -1}
	for i, name := range items {
		if first[i].Sign() < 0 || second[i].Sign() < 0 {
			return Winner{}, &Refusal{Fault: BadScoring, Issue: name, Why: fmt.Sprintf("the points for %q are negative; Adjusted Winner divides goods, so value the better outcome for each party", name)}
		}
		w.Awards[i].Item = name
		if first[i].Cmp(second[i]) > 0 {
			w.Awards[i].First = Whole(1)
			w.Points[0] = w.Points[0].Add(first[i])
		} else {
			w.Points[1] = w.Points[1].Add(second[i])
		}
	}
	ahead := 0
	if w.Points[1].Cmp(w.Points[0]) > 0 {
		ahead = 1
	}
	w.hand(points, ahead)
	return w, nil
}

// hand passes items from the party ahead to the other until they are even.
func (w *Winner) hand(points [2][]Number, ahead int) {
	mine, yours := points[ahead], points[1-ahead]
	var held []int
	for i := range w.Awards {
		if (w.Awards[i].First.Sign() > 0) == (ahead == 0) && mine[i].Sign()+yours[i].Sign() > 0 {
			held = append(held, i)
		}
	}
	// mine/yours rising: what costs least for what it brings comes first.
	slices.SortStableFunc(held, func(a, b int) int { return mine[a].Mul(yours[b]).Cmp(mine[b].Mul(yours[a])) })
	for _, i := range held {
		gap := w.Points[ahead].Sub(w.Points[1-ahead])
		if gap.Sign() <= 0 {
			return
		}
		both := mine[i].Add(yours[i])
		share := Whole(1)
		if both.Cmp(gap) > 0 {
			share = gap.Quo(both)
			w.Split = i
		}
		w.Points[ahead] = w.Points[ahead].Sub(mine[i].Mul(share))
		w.Points[1-ahead] = w.Points[1-ahead].Add(yours[i].Mul(share))
		if w.Awards[i].First = share; ahead == 0 {
			w.Awards[i].First = Whole(1).Sub(share)
		}
	}
}
