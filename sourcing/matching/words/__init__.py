"""The words of listings, grouped by what they mean. Phrases stand in lines or between bars, in any language."""
