package text

// Acts lists every act on a text. [TableText] is not for people to type and is
// left out.
func Acts() []Act {
	return []Act{
		Table{}, Revise{}, AddClause{}, StrikeClause{}, BracketWords{}, OfferOption{}, SupportOption{}, OpposeOption{}, WithdrawOption{},
		Reserve{}, LiftReserve{}, MergeOptions{}, Annotate{}, Renumber{}, ProposeLift{}, AgreeToLift{}, DeclineLift{},
		AgreeAdReferendum{}, Confirm{}, Disavow{}, Reopen{}, MarkForLeaders{}, Freeze{}, TakePen{}, HandPen{}, ShowSides{},
	}
}

// Changes lists every change of a text.
func Changes() []Change {
	return []Change{
		TextTabled{}, ClauseRevised{}, ClauseAdded{}, ClauseStruck{}, WordsBracketed{}, OptionOffered{}, OptionSupported{}, OptionOpposed{},
		StanceWithdrawn{}, OptionWithdrawn{}, ReserveEntered{}, ReserveLifted{}, OptionsMerged{}, ClauseAnnotated{}, ClauseRenumbered{},
		LiftProposed{}, LiftAgreed{}, LiftDeclined{}, LiftFell{}, BracketLifted{}, ClauseAgreedAdReferendum{}, AssentConfirmed{},
		AssentDisavowed{}, AssentFell{}, ClauseReopened{}, StatusChanged{}, LeadersMarked{}, RevisionFrozen{}, PenTaken{}, SidesShown{},
	}
}
