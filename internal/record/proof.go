package record

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ProveEntry proves, from what is stored, that an entry stands in a record. The
// proof is for the first signed head of at least size entries: ask for the
// head's own size to prove it as of now, for the entry's number to prove it as
// of the transaction that it was entered with.
func ProveEntry(ctx context.Context, log Log, name Name, number, size int64) (Receipt, error) {
	if number < 1 || number > size {
		return Receipt{}, fmt.Errorf("%s of %d entries has no entry %d", name, size, number)
	}
	note, at, err := log.Note(ctx, name, size)
	if err != nil {
		return Receipt{}, err
	}
	hashes := storedHashes(ctx, log, name)
	leaf, err := hashes([]int64{tlog.StoredHashIndex(0, number-1)})
	if err != nil {
		return Receipt{}, err
	}
	proof, err := tlog.ProveRecord(at, number-1, hashes)
	if err != nil {
		return Receipt{}, fmt.Errorf("proving entry %d of %s: %w", number, name, err)
	}
	return Receipt{name, number, leaf[0], proof, note}, nil
}

// ProveConsistency proves, from what is stored, that the record of to entries
// begins with that of from entries.
func ProveConsistency(ctx context.Context, log Log, name Name, from, to int64) (tlog.TreeProof, error) {
	if from < 0 || from > to {
		return nil, fmt.Errorf("a record of %d entries does not begin with one of %d", to, from)
	}
	if from == 0 {
		return tlog.TreeProof{}, nil // everything begins with nothing
	}
	proof, err := tlog.ProveTree(to, from, storedHashes(ctx, log, name))
	if err != nil {
		return nil, fmt.Errorf("proving that %s grew from %d to %d entries: %w", name, from, to, err)
	}
	return proof, nil
}

func storedHashes(ctx context.Context, log Log, name Name) tlog.HashReaderFunc {
	return func(indexes []int64) ([]Hash, error) { return log.Hashes(ctx, name, indexes) }
}

// CheckConsistency returns an error unless the proof shows that the record of
// the newer checkpoint begins with that of the older one. Both must have been
// verified. If it fails for two checkpoints of one house, they cannot both be
// true: together they convict the house of having altered or forked the record.
func CheckConsistency(proof tlog.TreeProof, older, newer Checkpoint) error {
	if older.Origin != newer.Origin {
		return fmt.Errorf("the checkpoints are of two records, %.320q and %.320q", older.Origin, newer.Origin)
	}
	if older.Size > newer.Size {
		return errors.New("the older checkpoint is of more entries than the newer one")
	}
	if older.Size == 0 {
		if older.Root != emptyRoot || len(proof) != 0 {
			return errors.New("a record of no entries has one root and no proof")
		}
		return nil
	}
	if tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root) != nil {
		return fmt.Errorf("the record of %d entries is not shown to begin with that of %d", newer.Size, older.Size)
	}
	return nil
}
