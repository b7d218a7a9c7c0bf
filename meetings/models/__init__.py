"""What happens around the half hour and in it."""
