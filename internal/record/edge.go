package record

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// emptyRoot is the root of the tree without leaves (RFC 6962 section 2.1).
var emptyRoot = Hash(sha256.Sum256(nil))

// An edge is the right edge of a growing tree: the roots of the complete
// subtrees that it consists of, largest first. It is all one needs to add a
// leaf or to compute the root.
type edge struct {
	size int64
	subs []Hash // one for each 1 in size, written in binary
}

func edgeOf(h Head) (edge, error) {
	if h.Size < 0 || len(h.Frontier) != bits.OnesCount64(uint64(h.Size)) {
		return edge{}, fmt.Errorf("a head of size %d does not have a frontier of %d", h.Size, len(h.Frontier))
	}
	e := edge{size: h.Size, subs: make([]Hash, len(h.Frontier), 64)}
	for i, n := range h.Frontier {
		e.subs[i] = n.Hash
	}
	if !slices.Equal(e.nodes(), h.Frontier) {
		return edge{}, fmt.Errorf("the frontier of a head of size %d is not at its place in the tree", h.Size)
	}
	return e, nil
}

// add adds a leaf, and appends to done the nodes above it that it completes.
func (e *edge) add(leaf Hash, done []Node) []Node {
	index := tlog.StoredHashIndex(0, e.size)
	h := leaf
	// A subtree is completed for every 1 at the low end of the old size, and
	// is stored right behind the leaf that completes it.
	for range bits.TrailingZeros64(^uint64(e.size)) {
		last := len(e.subs) - 1
		h = tlog.NodeHash(e.subs[last], h)
		e.subs = e.subs[:last]
		index++
		done = append(done, Node{index, h})
	}
	e.subs = append(e.subs, h)
	e.size++
	return done
}

// root is the root of the tree.
func (e *edge) root() Hash {
	if e.size == 0 {
		return emptyRoot
	}
	h := e.subs[len(e.subs)-1]
	for i := len(e.subs) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.subs[i], h)
	}
	return h
}

// nodes is the edge as a [Head] keeps it.
func (e *edge) nodes() []Node {
	nodes := make([]Node, 0, len(e.subs))
	left := e.size
	var lo int64
	for _, h := range e.subs {
		level := bits.Len64(uint64(left)) - 1
		nodes = append(nodes, Node{tlog.StoredHashIndex(level, lo>>level), h})
		lo += 1 << level
		left -= 1 << level
	}
	return nodes
}
