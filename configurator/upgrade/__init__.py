"""From what somebody owns to where they want to be, in phases: modules move, nothing is sold."""
