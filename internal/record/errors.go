package record

import "errors"

// What a store answers when it does not enter a transaction.
var (
	// ErrStale means that a record has moved on since the caller last read it.
	ErrStale = errors.New("the record has moved on")
	// ErrRepeated means that a request of the transaction was entered before.
	ErrRepeated = errors.New("the request was entered before")
	// ErrFull means that the disk is full. Nothing was entered; make room and submit again.
	ErrFull = errors.New("the disk is full: nothing was entered; make room on it, then submit again")
	// ErrUnknownOutcome means that the connection broke while the transaction
	// was being made durable: it may or may not have been entered.
	ErrUnknownOutcome = errors.New("the store broke off while entering: it may or may not have been entered")
)
