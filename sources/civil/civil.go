// Package civil reckons with dates of the Gregorian calendar, as plain numbers,
// for sources that read one in every line.
package civil

// Exists tells whether a calendar has that date; month and day count from 1.
func Exists(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= monthDays(year, month)
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// Days returns the days from 1970-01-01 to a date that exists, of the year 0 or
// later. Years are counted from March, so that a leap day is the last of its
// year, and from 400 years before the year 0, so that none is negative.
func Days(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	y := uint64(year + 400)
	const toEpoch = 719469 + 146097 // days from the day before 1 March of the year −400 to 1970-01-01
	return int64(365*y+y/4-y/100+y/400) + int64((153*(month-3)+2)/5+day) - toEpoch
}
