"""A first build in five steps: few answers, a whole machine around them, and what every other answer would change."""
