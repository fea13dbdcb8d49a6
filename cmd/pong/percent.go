package main

import (
	"errors"
	"strconv"
	"strings"
)

// percent is the value of a flag for a probability, written as 0.05 or 5%.
type percent float64

func (s *percent) Type() string { return "share" }

func (s *percent) String() string {
	if *s == 0 {
		return "0" // without a percent sign, because pflag prints other values as the default of each flag
	}
	return strconv.FormatFloat(float64(*s)*100, 'g', -1, 64) + "%"
}

func (s *percent) Set(text string) error {
	number, hasSign := strings.CutSuffix(text, "%")
	x, err := strconv.ParseFloat(number, 64)
	if hasSign {
		x /= 100
	}
	if err != nil || !(x >= 0 && x <= 1) { // also true for NaN
		return errors.New("must be between 0% and 100%, such as 5% or 0.05")
	}
	*s = percent(x)
	return nil
}
